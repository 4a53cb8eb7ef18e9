using System.Threading.Tasks.Sources;

namespace Carillon.Transports;

/// <summary>A sender's place in the line for room in a subscription. Each sender has one and uses it again and again.</summary>
internal sealed class RoomRequest : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private InMemoryCapacity? _capacity;
    private CancellationTokenRegistration _registration;

    public RoomRequest() => Place = new LinkedListNode<RoomRequest>(this);

    /// <summary>Where the request stands in line.</summary>
    public LinkedListNode<RoomRequest> Place { get; }

    /// <summary>How many bytes are asked for.</summary>
    public long Size { get; private set; }

    /// <summary>Waits for room for one message. When it is cancelled, no room was taken.</summary>
    public ValueTask WaitAsync(InMemoryCapacity capacity, long size, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        (_capacity, Size) = (capacity, size);
        _source.Reset();
        if (capacity.TryReserve(this))
            return ValueTask.CompletedTask;
        _registration = cancellation.UnsafeRegister(static (request, token) => ((RoomRequest)request!).Cancel(token), this);
        return new ValueTask(this, _source.Version);
    }

    /// <summary>The room was taken for this request.</summary>
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
        if (_capacity!.Withdraw(this))
            _source.SetException(new OperationCanceledException(token));
    }
}
