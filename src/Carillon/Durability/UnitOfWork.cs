using System.Data.Common;

namespace Carillon.Durability;

/// <summary>A store's transaction and the messages that wait for its commit.</summary>
internal sealed class UnitOfWork(string service, IStoreTransaction transaction, Action ended) : IUnitOfWork
{
    private readonly List<Envelope> _messages = [];
    private bool _hasEnded;

    /// <inheritdoc/>
    public DbConnection Connection => Transaction.Connection ?? throw Ended();

    /// <inheritdoc/>
    public DbTransaction Transaction => _hasEnded ? throw Ended() : transaction.Transaction;

    /// <summary>Adds a message of a service, to be stored by the commit.</summary>
    public void Add(string publisher, in Envelope message)
    {
        if (_hasEnded)
            throw Ended();
        if (publisher != service)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"Service {publisher} publishes {message.Type} inside a unit of work of service {service}: each has its own store. Publish through the bus of {service}, or outside.");
        }

        _messages.Add(message);
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(CancellationToken cancellation = default)
    {
        if (_hasEnded)
            throw Ended();
        if (_messages.Count > 0)
            await transaction.AppendAsync(_messages, cancellation);
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
