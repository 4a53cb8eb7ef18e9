using System.Globalization;

namespace Carillon.Publishing;

/// <summary>Counts what the buffer holds against its bounds.</summary>
internal sealed class PublishRoom(PublisherOptions options)
{
    private long _bytes;

    /// <summary>How many messages are held.</summary>
    public int Messages { get; private set; }

    /// <summary>Whether there is room for one more. A message beyond the bytes has room where nothing else is.</summary>
    public bool Has(PublishItem item) =>
        Messages == 0 || (Messages < options.BufferMessages && _bytes + item.Bytes <= options.BufferBytes);

    /// <exception cref="PublisherOverloadedException">There is no room for all of them.</exception>
    public void RefuseUnlessEnough(ReadOnlySpan<PublishItem> items, bool areOthersWaiting)
    {
        var bytes = 0L;
        foreach (var item in items)
            bytes += item.Bytes;
        var isEnough = items.Length == 1
            ? Has(items[0])
            : Messages + items.Length <= options.BufferMessages && _bytes + bytes <= options.BufferBytes;
        if (areOthersWaiting || !isEnough)
        {
            throw new PublisherOverloadedException(string.Create(CultureInfo.InvariantCulture,
                $"The publisher's buffer holds {Messages} of {options.BufferMessages} messages and {_bytes} of {options.BufferBytes} bytes, and has no room for {items.Length} more with {bytes} bytes. Nothing was stored; publish again later, or raise Carillon:Publishing."));
        }
    }

    public void Take(PublishItem item)
    {
        Messages++;
        _bytes += item.Bytes;
    }

    public void Leave(int messages, long bytes)
    {
        Messages -= messages;
        _bytes -= bytes;
    }
}
