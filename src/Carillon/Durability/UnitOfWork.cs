using System.Data.Common;

namespace Carillon.Durability;

/// <summary>A store's transaction and the messages that wait for its commit.</summary>
internal sealed class UnitOfWork(string service, IStoreTransaction transaction, Action ended) : OutgoingMessages(service), IUnitOfWork
{
    private bool _hasEnded;

    /// <inheritdoc/>
    public DbConnection Connection => Transaction.Connection ?? throw Ended();

    /// <inheritdoc/>
    public DbTransaction Transaction => _hasEnded ? throw Ended() : transaction.Transaction;

    /// <inheritdoc/>
    public override IUnitOfWork Work => this;

    /// <inheritdoc/>
    public override void Add(string publisher, in Envelope message)
    {
        if (_hasEnded)
            throw Ended();
        base.Add(publisher, message);
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
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // Runs before the first await, so that the caller's own flow is out of the unit of work when this returns.
        _hasEnded = true;
        ended();
        return transaction.DisposeAsync();
    }

    private static CarillonException Ended() => new(ErrorCodes.InvalidUnitOfWork,
        "The unit of work has ended: it was committed or disposed. Begin another one for further work.");
}
