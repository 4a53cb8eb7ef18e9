using System.Threading.Tasks.Sources;

namespace Carillon.Publishing;

/// <summary>
/// One message on its way to the transport, and what its caller awaits. Used again once the caller has taken the outcome, so that
/// publishing allocates nothing.
/// </summary>
internal sealed class PublishItem(PublishItemPool pool) : IValueTaskSource
{
    // A caller's continuation must not run on the stack of whoever sends for everybody: it may block, or take long.
    private ManualResetValueTaskSourceCore<bool> _completion = new() { RunContinuationsAsynchronously = true };

    private Envelope _envelope;

    public ref readonly Envelope Envelope => ref _envelope;

    public long Bytes { get; private set; }

    /// <summary>
    /// Whether it is published while another message is handled. Such a call never waits behind others: they may wait for the handler.
    /// </summary>
    public bool IsOfHandler { get; private set; }

    public PublishItemState State { get; set; }

    /// <summary>The neighbours in the queue, or the next one in the pool.</summary>
    public PublishItem? Next { get; set; }

    public PublishItem? Previous { get; set; }

    public CancellationToken Cancellation { get; set; }

    public CancellationTokenRegistration Registration { get; set; }

    /// <summary>Whether the sending side may still refer to it although its caller has the outcome: then it is never used again.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>What the caller awaits, exactly once.</summary>
    public ValueTask Outcome => new(this, _completion.Version);

    public void Fill(in Envelope envelope)
    {
        _envelope = envelope;
        Bytes = EnvelopeSize.Of(envelope);
        IsOfHandler = !envelope.CausationId.IsEmpty;
    }

    /// <summary>Tells the caller. Whoever calls this does not touch the item afterwards.</summary>
    public void Complete(Exception? error)
    {
        // Not Dispose, which would wait for a running callback, that is for the lock that our caller may want next.
        Registration.Unregister();
        if (error is null)
            _completion.SetResult(true);
        else
            _completion.SetException(error);
    }

    /// <summary>Gives the item back to the pool.</summary>
    public void Release()
    {
        if (IsAbandoned)
            return;
        _completion.Reset();
        _envelope = default;
        Bytes = 0;
        Cancellation = default;
        Registration = default;
        State = PublishItemState.Free;
        pool.Return(this);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        // An outcome taken twice, or too early, throws here and leaves the item alone: it belongs to somebody else.
        if (_completion.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("The outcome of a publish is awaited, once.");
        try
        {
            _completion.GetResult(token);
        }
        finally
        {
            Release();
        }
    }
}
