namespace Carillon.Publishing;

/// <summary>The messages that are handed to the transport at once, with their outcomes. Filled again and again.</summary>
internal sealed class PublishBatch
{
    private Envelope[] _envelopes = new Envelope[8];
    private PublishItem?[] _items = new PublishItem?[8];
    private Exception?[] _errors = new Exception?[8];

    public int Count { get; private set; }

    public long Bytes { get; private set; }

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
    }

    public void Clear()
    {
        _envelopes.AsSpan(0, Count).Clear();
        Items.Clear();
        Errors.Clear();
        Count = 0;
        Bytes = 0;
    }
}
