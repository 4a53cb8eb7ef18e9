namespace Carillon.Relational;

/// <summary>
/// Something to be written in one piece. The writer commits many of them together; each succeeds or fails by itself.
/// </summary>
internal abstract class WriteOperation
{
    private const int Queued = 0;
    private const int Started = 1;
    private const int Withdrawn = 2;
    private int _state;

    /// <summary>Roughly how much it writes, in bytes.</summary>
    public virtual long Size => 256;

    /// <summary>Whether it goes by the time of the transaction, which a session on a server has to ask for.</summary>
    public virtual bool NeedsTime => true;

    /// <summary>Runs inside a transaction. May be called again after that transaction was rolled back; the last call counts.</summary>
    public abstract ValueTask ExecuteAsync(WriteSession session);

    /// <summary>It is committed.</summary>
    public abstract void Complete();

    /// <summary>It is not committed.</summary>
    public abstract void Fail(Exception error);

    /// <summary>The writer takes it; false when it was withdrawn before.</summary>
    public bool TryStart() => Interlocked.CompareExchange(ref _state, Started, Queued) == Queued;

    /// <summary>Takes it back; false when the writer has it already.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref _state, Withdrawn, Queued) == Queued;
}

/// <summary>A write operation with a result.</summary>
/// <typeparam name="TResult">The result's type.</typeparam>
internal abstract class WriteOperation<TResult> : WriteOperation
{
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    /// <summary>Completes when it is committed; throws <see cref="StorageFailedException"/> or what <see cref="RunAsync"/> threw.</summary>
    public Task<TResult> Completion => _completion.Task;

    public sealed override async ValueTask ExecuteAsync(WriteSession session) => _result = await RunAsync(session, CancellationToken.None);

    public sealed override void Complete() => _completion.TrySetResult(_result!);

    public sealed override void Fail(Exception error) => _completion.TrySetException(error);

    public void Withdraw(CancellationToken cancellation)
    {
        if (TryWithdraw())
            _completion.TrySetCanceled(cancellation);
    }

    /// <summary>For a writer that runs operations in a way of its own.</summary>
    protected void SetResult(TResult result) => _result = result;

    /// <summary>Writes inside a transaction, the writer's or another.</summary>
    public abstract ValueTask<TResult> RunAsync(WriteSession session, CancellationToken cancellation);
}
