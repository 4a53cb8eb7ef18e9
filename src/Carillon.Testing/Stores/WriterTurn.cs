namespace Carillon.Testing.Stores;

/// <summary>One writer at a time, first come first served.</summary>
internal sealed class WriterTurn
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _line = new();
    private bool _isTaken;

    /// <summary>Takes the turn if nobody has it.</summary>
    public bool TryTake()
    {
        lock (_gate)
            return !_isTaken && (_isTaken = true);
    }

    /// <summary>Waits for the turn.</summary>
    public async ValueTask TakeAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return;
            }

            _line.AddLast(place);
        }

        using var registration = cancellation.UnsafeRegister(static (place, token) => ((TaskCompletionSource)place!).TrySetCanceled(token), place);
        await place.Task;
    }

    /// <summary>Gives the turn to the next one.</summary>
    public void Give()
    {
        lock (_gate)
        {
            while (_line.First is { } next)
            {
                _line.RemoveFirst();
                if (next.Value.TrySetResult())
                    return;
            }

            _isTaken = false;
        }
    }
}
