namespace Carillon.Publishing;

/// <summary>The messages that are handed to the transport at once, with their outcomes. Filled again and again.</summary>
internal sealed class PublishBatch(int most)
{
    private const int Usual = 8;
    private Envelope[] _envelopes = new Envelope[Math.Min(most, Usual)];
    private PublishItem?[] _items = new PublishItem?[Math.Min(most, Usual)];
    private Exception?[] _errors = new Exception?[Math.Min(most, Usual)];

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>How many of the messages handlers publish.</summary>
    public int OfHandlers { get; private set; }

    /// <summary>How many of the bytes handlers publish.</summary>
    public long BytesOfHandlers { get; private set; }

    public ReadOnlyMemory<Envelope> Envelopes => _envelopes.AsMemory(0, Count);

    /// <summary>The items; null for one whose caller has its outcome already.</summary>
    public Span<PublishItem?> Items => _items.AsSpan(0, Count);

    /// <summary>Why each message failed, or null for one that is stored.</summary>
    public Span<Exception?> Errors => _errors.AsSpan(0, Count);

    public void Add(PublishItem item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _envelopes, Count * 2);
            Array.Resize(ref _items, Count * 2);
            Array.Resize(ref _errors, Count * 2);
        }

        _envelopes[Count] = item.Envelope;
        _items[Count] = item;
        Count++;
        Bytes += item.Bytes;
        if (item.IsOfHandler)
            (OfHandlers, BytesOfHandlers) = (OfHandlers + 1, BytesOfHandlers + item.Bytes);
    }

    public void Clear()
    {
        _envelopes.AsSpan(0, Count).Clear();
        Items.Clear();
        Errors.Clear();
        Count = 0;
        Bytes = 0;
        OfHandlers = 0;
        BytesOfHandlers = 0;
    }
}
