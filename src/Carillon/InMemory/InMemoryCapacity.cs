namespace Carillon.InMemory;

/// <summary>
/// How much one subscription holds, and may hold: a limit for all, and as much again for what handlers publish, who cannot wait for room that they
/// make themselves. Guarded by the lock of its subscription.
/// </summary>
internal sealed class InMemoryCapacity(int messages, long bytes)
{
    private long _bytes;
    private int _ofHandlers;
    private long _bytesOfHandlers;

    /// <summary>How many messages are held, waiting or handed over.</summary>
    public int Held { get; private set; }

    /// <summary>How many messages more than the limit are held; at least 1 where there is no room.</summary>
    public int Excess => HasRoom(0) ? 0 : Math.Max(1, Held - messages);

    /// <summary>Whether as much is held of what handlers published as they may bring.</summary>
    public bool IsFullOfHandlers => _ofHandlers >= messages || _bytesOfHandlers >= bytes;

    /// <summary>Whether there is room for a message. One that is larger than the limit has room where nothing else is.</summary>
    public bool HasRoom(long size) => Held == 0 || (Held < messages && _bytes + size <= bytes);

    /// <summary>A message comes in.</summary>
    public void Hold(long size, bool isOfHandler)
    {
        (Held, _bytes) = (Held + 1, _bytes + size);
        if (isOfHandler)
            Promise(size);
    }

    /// <summary>A message of a handler comes, and waits outside for now: it counts as one of those already, and is held by its size alone when it comes in.</summary>
    public void Promise(long size) => (_ofHandlers, _bytesOfHandlers) = (_ofHandlers + 1, _bytesOfHandlers + size);

    /// <summary>A message is finished.</summary>
    public void Release(long size, bool isOfHandler)
    {
        (Held, _bytes) = (Held - 1, _bytes - size);
        if (isOfHandler)
            (_ofHandlers, _bytesOfHandlers) = (_ofHandlers - 1, _bytesOfHandlers - size);
    }
}
