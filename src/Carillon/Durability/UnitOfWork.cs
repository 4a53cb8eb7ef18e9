using System.Data.Common;

namespace Carillon.Durability;

/// <summary>A store's transaction and the messages that wait for its commit.</summary>
/// <param name="service">The service whose messages these are.</param>
/// <param name="transaction">The transaction.</param>
/// <param name="ended">Called once, when it is disposed.</param>
/// <param name="scheduled">Called when messages that are to be published later were committed.</param>
/// <param name="used">Called when somebody uses it, who may be refused.</param>
/// <param name="isHandlers">Whether it belongs to a handler's run, and so is committed by nobody else.</param>
internal sealed class UnitOfWork(
    string service, IStoreTransaction transaction, Action ended, Action? scheduled = null, Action<UnitOfWork>? used = null, bool isHandlers = false) : OutgoingMessages(service), IUnitOfWork
{
    // A transaction serves one at a time, and callers of the bus know nothing of each other.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _disposals;

    /// <inheritdoc/>
    public DbConnection Connection => Transaction.Connection ?? throw Ended();

    /// <inheritdoc/>
    public DbTransaction Transaction
    {
        get
        {
            if (IsClosed)
                throw Ended();
            used?.Invoke(this);
            return transaction.Transaction;
        }
    }

    /// <inheritdoc/>
    public override IUnitOfWork Work => this;

    /// <inheritdoc/>
    public override async ValueTask<bool> CancelScheduledAsync(string publisher, string source, EventId id, CancellationToken cancellation)
    {
        Check(publisher, type: null);
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            RefuseClosed();
            // What the store does not answer, or is not waited for, has changed nothing here.
            var isStored = await transaction.CancelScheduledAsync(source, id, cancellation);
            return Withdraw(id) || isStored;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(CancellationToken cancellation = default)
    {
        if (isHandlers)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                "The unit of work of a handler is committed when the handler has returned, with what it returns: do not commit it. Throw, and nothing of it remains.");
        }

        return CompleteAsync(cancellation);
    }

    /// <summary>Commits it, whoever it belongs to.</summary>
    /// <inheritdoc cref="CommitAsync"/>
    public async ValueTask CompleteAsync(CancellationToken cancellation)
    {
        if (!IsClosed)
            used?.Invoke(this);
        if (!TryClose())
            throw Ended();
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            var (now, hasScheduled) = await ScheduleAsync(Read(0, out _), transaction, cancellation);
            Failpoint.Reach("unit-of-work.committing");
            if (now.Count > 0)
                await transaction.CommitAsync(now, cancellation);
            else
                await transaction.CommitAsync(cancellation);
            if (hasScheduled)
                scheduled?.Invoke();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref _disposals) > 1)
            return ValueTask.CompletedTask;

        // Runs before the first await, so that the caller's own flow is out of the unit of work when this returns.
        TryClose();
        ended();
        return EndAsync();
    }

    /// <inheritdoc/>
    protected override void Check(string publisher, string? type)
    {
        if (IsClosed)
            throw Ended();
        base.Check(publisher, type);
    }

    private async ValueTask EndAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        await transaction.DisposeAsync();
    }
}
