namespace Carillon.InMemory;

/// <summary>How many bytes of messages a claim still takes.</summary>
internal sealed class ClaimRoom(long bytes)
{
    private long _left = bytes;

    /// <summary>Takes room for a message. The last one may be larger than what is left.</summary>
    /// <returns>Whether any was left.</returns>
    public bool TryTake(ParkedEntry entry)
    {
        if (_left <= 0)
            return false;
        _left -= entry.Size;
        return true;
    }
}
