namespace Carillon.Transports;

/// <summary>
/// The room of one subscription: how many messages and bytes it may hold. Senders that find none wait in line and are served in the
/// order in which they came, so that a small message does not starve a large one.
/// </summary>
internal sealed class InMemoryCapacity(int messages, long bytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<RoomRequest> _line = new();
    private int _heldMessages;
    private long _heldBytes;

    /// <summary>How many messages are held, waiting or handed over.</summary>
    public int Held
    {
        get
        {
            lock (_gate)
                return _heldMessages;
        }
    }

    /// <summary>Takes room at once, or not at all.</summary>
    public bool TryReserve(long size)
    {
        lock (_gate)
            return TryHold(size);
    }

    /// <summary>Takes room at once, or puts the request in line.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryReserve(RoomRequest request)
    {
        lock (_gate)
        {
            if (TryHold(request.Size))
                return true;
            _line.AddLast(request.Place);
            return false;
        }
    }

    /// <summary>Takes a request out of the line.</summary>
    /// <returns>False when it had got its room already.</returns>
    public bool Withdraw(RoomRequest request)
    {
        lock (_gate)
        {
            if (request.Place.List is null)
                return false;
            _line.Remove(request.Place);
        }

        ServeLine();
        return true;
    }

    /// <summary>Gives room back.</summary>
    public void Release(long size)
    {
        lock (_gate)
        {
            _heldMessages--;
            _heldBytes -= size;
            if (_line.Count == 0)
                return;
        }

        ServeLine();
    }

    private void ServeLine()
    {
        while (TakeServed() is { } request)
            request.Grant();
    }

    private RoomRequest? TakeServed()
    {
        lock (_gate)
        {
            if (_line.First is not { } first || !Fits(first.Value.Size))
                return null;
            _line.RemoveFirst();
            Hold(first.Value.Size);
            return first.Value;
        }
    }

    private bool TryHold(long size)
    {
        if (_line.Count > 0 || !Fits(size))
            return false;
        Hold(size);
        return true;
    }

    private bool Fits(long size) => _heldMessages == 0 || (_heldMessages < messages && _heldBytes + size <= bytes);

    private void Hold(long size)
    {
        _heldMessages++;
        _heldBytes += size;
    }
}
