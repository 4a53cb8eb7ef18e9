using System.Data.Common;

namespace Carillon.Durability;

/// <summary>A store's transaction and the messages that wait for its commit.</summary>
/// <param name="service">The service whose messages these are.</param>
/// <param name="transaction">The transaction.</param>
/// <param name="ended">Called when it is disposed.</param>
/// <param name="scheduled">Called when messages that are to be published later were committed.</param>
internal sealed class UnitOfWork(string service, IStoreTransaction transaction, Action ended, Action? scheduled = null) : OutgoingMessages(service), IUnitOfWork
{
    private bool _hasEnded;

    /// <inheritdoc/>
    public DbConnection Connection => Transaction.Connection ?? throw Ended();

    /// <inheritdoc/>
    public DbTransaction Transaction => _hasEnded ? throw Ended() : transaction.Transaction;

    /// <inheritdoc/>
    public override IUnitOfWork Work => this;

    /// <inheritdoc/>
    public override async ValueTask<bool> CancelScheduledAsync(string publisher, string source, EventId id, CancellationToken cancellation)
    {
        Check(publisher, type: null);
        var isOwn = Withdraw(id, from: 0);
        return await transaction.CancelScheduledAsync(source, id, cancellation) || isOwn;
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(CancellationToken cancellation = default)
    {
        if (_hasEnded)
            throw Ended();
        await StoreAsync(transaction, 0, cancellation);
        _hasEnded = true;
        Failpoint.Reach("unit-of-work.committing");
        await transaction.CommitAsync(cancellation);
        if (HasScheduled)
            scheduled?.Invoke();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // Runs before the first await, so that the caller's own flow is out of the unit of work when this returns.
        _hasEnded = true;
        ended();
        return transaction.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Check(string publisher, string? type)
    {
        if (_hasEnded)
            throw Ended();
        base.Check(publisher, type);
    }

    private static CarillonException Ended() => new(ErrorCodes.InvalidUnitOfWork,
        "The unit of work has ended: it was committed or disposed. Begin another one for further work.");
}
