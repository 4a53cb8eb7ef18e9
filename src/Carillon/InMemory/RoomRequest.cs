using System.Threading.Tasks.Sources;

namespace Carillon.InMemory;

/// <summary>The wait of a sender in a <see cref="ProgressLine"/>. Used again for the next wait.</summary>
internal sealed class RoomRequest : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private ProgressLine? _line;
    private CancellationTokenRegistration _registration;

    public RoomRequest() => Place = new LinkedListNode<RoomRequest>(this);

    /// <summary>Where the request stands in line.</summary>
    public LinkedListNode<RoomRequest> Place { get; }

    /// <summary>How far it must get.</summary>
    public long Goal { get; private set; }

    /// <summary>Waits until a line gets as far.</summary>
    /// <exception cref="OperationCanceledException">The caller has waited for long enough.</exception>
    public ValueTask WaitAsync(ProgressLine line, long goal, CancellationToken cancellation)
    {
        (_line, Goal) = (line, goal);
        _source.Reset();
        if (line.TryEnter(this))
            return ValueTask.CompletedTask;
        _registration = cancellation.UnsafeRegister(static (request, token) => ((RoomRequest)request!).Cancel(token), this);
        return new ValueTask(this, _source.Version);
    }

    /// <summary>It has got as far.</summary>
    public void Grant() => _source.SetResult(true);

    void IValueTaskSource.GetResult(short token)
    {
        // Waits for a cancellation that is running just now, so that it cannot hit the next use of this object.
        _registration.Dispose();
        _registration = default;
        _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        if (_line!.Withdraw(this))
            _source.SetException(new OperationCanceledException(token));
    }
}
