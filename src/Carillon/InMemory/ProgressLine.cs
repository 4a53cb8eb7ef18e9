namespace Carillon.InMemory;

/// <summary>Senders that wait for something to get as far as they need it. It moves on and never back.</summary>
internal sealed class ProgressLine
{
    private readonly Lock _gate = new();
    private readonly LinkedList<RoomRequest> _waiting = new();
    private long _reached;

    /// <summary>How far it has got.</summary>
    public long Reached => Volatile.Read(ref _reached);

    /// <summary>Puts a request in line, unless it has got as far by now.</summary>
    /// <returns>Whether it has.</returns>
    public bool TryEnter(RoomRequest request)
    {
        lock (_gate)
        {
            if (_reached >= request.Goal)
                return true;
            var before = _waiting.Last;
            while (before is not null && before.Value.Goal > request.Goal)
                before = before.Previous;
            if (before is null)
                _waiting.AddFirst(request.Place);
            else
                _waiting.AddAfter(before, request.Place);
            return false;
        }
    }

    /// <summary>Takes a request out of the line.</summary>
    /// <returns>False when its goal was reached already.</returns>
    public bool Withdraw(RoomRequest request)
    {
        lock (_gate)
        {
            if (request.Place.List is null)
                return false;
            _waiting.Remove(request.Place);
            return true;
        }
    }

    /// <summary>It gets further.</summary>
    public void Advance(int by)
    {
        lock (_gate)
        {
            _reached = Math.Min(_reached, long.MaxValue - by) + by;
            if (_waiting.Count == 0)
                return;
        }

        GrantReached();
    }

    /// <summary>It has got as far as anybody can need it.</summary>
    public void End()
    {
        lock (_gate)
            _reached = long.MaxValue;
        GrantReached();
    }

    private void GrantReached()
    {
        while (TakeReached() is { } request)
            request.Grant();
    }

    private RoomRequest? TakeReached()
    {
        lock (_gate)
        {
            if (_waiting.First is not { } first || first.Value.Goal > _reached)
                return null;
            _waiting.RemoveFirst();
            return first.Value;
        }
    }
}
