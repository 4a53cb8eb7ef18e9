using System.Data.Common;
using Carillon.Scheduling;

namespace Carillon.Durability;

/// <summary>A store's transaction and the messages that wait for its commit.</summary>
/// <param name="service">The service whose messages these are.</param>
/// <param name="transaction">The transaction.</param>
/// <param name="ended">Called when it is disposed.</param>
/// <param name="scheduled">Called when messages that are to be published later were committed.</param>
internal sealed class UnitOfWork(string service, IStoreTransaction transaction, Action ended, Action? scheduled = null) : IUnitOfWork
{
    private readonly List<Envelope> _messages = [];
    private readonly List<ScheduledMessage> _later = [];
    private bool _hasEnded;

    /// <inheritdoc/>
    public DbConnection Connection => Transaction.Connection ?? throw Ended();

    /// <inheritdoc/>
    public DbTransaction Transaction => _hasEnded ? throw Ended() : transaction.Transaction;

    /// <summary>Adds a message of a service, to be stored by the commit.</summary>
    public void Add(string publisher, in Envelope message)
    {
        Check(publisher);
        _messages.Add(message);
    }

    /// <summary>Adds a message of a service that is to be published later, to be put on the schedule by the commit.</summary>
    public void Schedule(string publisher, ScheduledMessage message)
    {
        Check(publisher);
        _later.Add(message);
    }

    /// <summary>Takes a message off the schedule, with the commit.</summary>
    /// <returns>False when there is none of that id.</returns>
    public async ValueTask<bool> CancelScheduledAsync(string publisher, string source, EventId id, CancellationToken cancellation)
    {
        Check(publisher);
        var isOwn = _later.RemoveAll(message => message.Envelope.Id == id) > 0;
        return await transaction.CancelScheduledAsync(source, id, cancellation) || isOwn;
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(CancellationToken cancellation = default)
    {
        if (_hasEnded)
            throw Ended();
        if (_messages.Count > 0)
            await transaction.AppendAsync(_messages, cancellation);
        if (_later.Count > 0)
            await transaction.ScheduleAsync(_later, cancellation);
        _hasEnded = true;
        Failpoint.Reach("unit-of-work.committing");
        await transaction.CommitAsync(cancellation);
        if (_later.Count > 0)
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

    private void Check(string publisher)
    {
        if (_hasEnded)
            throw Ended();
        if (publisher != service)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"Service {publisher} publishes inside a unit of work of service {service}: each has its own store. Publish through the bus of {service}, or outside.");
        }
    }

    private static CarillonException Ended() => new(ErrorCodes.InvalidUnitOfWork,
        "The unit of work has ended: it was committed or disposed. Begin another one for further work.");
}
