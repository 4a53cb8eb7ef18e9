using System.Runtime.CompilerServices;

namespace Carillon.InMemory;

/// <summary>What one call of a sender waits for: room in subscriptions that have none for what it brought.</summary>
internal sealed class OwedRoom
{
    private readonly List<(ProgressLine Line, long Goal)> _owed = [];
    private readonly RoomRequest _request = new();

    /// <summary>Whether there is room everywhere.</summary>
    public bool IsNothing => _owed.Count == 0;

    /// <summary>A subscription has no room for a message yet.</summary>
    /// <param name="line">What says how far it has got.</param>
    /// <param name="goal">How far it must get for that message. Grows from message to message.</param>
    public void Add(ProgressLine line, long goal)
    {
        for (var place = 0; place < _owed.Count; place++)
        {
            if (_owed[place].Line != line)
                continue;
            _owed[place] = (line, goal);
            return;
        }

        _owed.Add((line, goal));
    }

    /// <summary>Waits for all of it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        // What one has reached by now it does not lose while the next one is waited for.
        foreach (var (line, goal) in _owed)
            await _request.WaitAsync(line, goal, cancellation);
    }

    public void Clear() => _owed.Clear();
}
