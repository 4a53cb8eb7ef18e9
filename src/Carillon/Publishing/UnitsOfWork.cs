using System.Data.Common;
using Carillon.Durability;
using Carillon.Scheduling;

namespace Carillon.Publishing;

/// <summary>Begins the units of work of one service, makes them the ambient ones of the code that asks, and lets messages join them.</summary>
/// <param name="service">The service.</param>
/// <param name="store">Where its units of work are begun; null where there is none.</param>
/// <param name="options">What publishers are held to.</param>
/// <param name="open">Those that are not disposed.</param>
/// <param name="scheduled">Called when messages that are to be published later were committed.</param>
/// <param name="demandRunning">Refuses whoever begins one, or publishes in one, before the service has started or after it has stopped.</param>
internal sealed class UnitsOfWork(string service, IUnitOfWorkStore? store, PublisherOptions options, OpenUnitsOfWork open, Action? scheduled = null, Action? demandRunning = null)
{
    /// <summary>Whether there is a store to begin them in.</summary>
    public bool HasStore => store is not null;

    private const string BeginWhereItIsUsed =
        "Call BeginAsync in the method that publishes and commits, or let the method that begins it return the task of BeginAsync as it is, without async and await.";

    /// <summary>Adds a message to the unit of work of the calling code.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isOutside">Whether the publisher asked to stay outside.</param>
    /// <returns>Whether it joined; otherwise it is to be published by itself.</returns>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: it can do neither.</exception>
    public bool TryJoin(in Envelope message, bool isOutside)
    {
        var work = AmbientContext.UnitOfWork;
        if (isOutside)
        {
            return work is null || store is not { HoldsTransport: true } ? false : throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{message.Type} cannot be published outside the unit of work while that is open: both write to one file, which has one writer. Publish it before or after.");
        }

        if (work is null)
            CheckDemand(message);
        else
            Join(work, new ReadOnlySpan<Envelope>(in message));
        return work is not null;
    }

    /// <summary>Adds messages to a unit of work, next to each other.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: they cannot. With <see cref="ErrorCodes.BusNotRunning"/>: not any more.</exception>
    public void Join(OutgoingMessages work, ReadOnlySpan<Envelope> messages)
    {
        demandRunning?.Invoke();
        RefuseScope(messages[0]);
        work.Add(service, messages);
    }

    /// <summary>Adds a message that is to be published later to the unit of work of the calling code.</summary>
    /// <returns>Whether it joined; otherwise it is to be scheduled by itself.</returns>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: one is demanded and there is none.</exception>
    public bool TrySchedule(ScheduledMessage message)
    {
        if (AmbientContext.UnitOfWork is not { } work)
        {
            CheckDemand(message.Envelope);
            return false;
        }

        demandRunning?.Invoke();
        RefuseScope(message.Envelope);
        work.Schedule(service, message);
        return true;
    }

    /// <summary>Makes a unit of work of the transaction of a handler's run.</summary>
    public UnitOfWork OpenForHandler(IStoreTransaction transaction) => new(service, transaction, static () => { }, scheduled, isHandlers: true);

    /// <summary>Refuses a message that is published outside a unit of work where one is demanded, or there is a transaction that it cannot join.</summary>
    public void CheckDemand(in Envelope message)
    {
        RefuseScope(message);
        if (options.RequireUnitOfWork)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{message.Type} is published outside a unit of work, and service {service} demands one: begin it with BeginAsync, or publish with PublishOutsideAsync.");
        }
    }

    /// <summary>
    /// Begins one for code outside the pipeline. Not an async method: only so does the caller's own flow enter it.
    /// </summary>
    public ValueTask<IUnitOfWork> BeginAsync(DbConnection? connection, string caller, int line, CancellationToken cancellation)
    {
        try
        {
            RefuseBeginning();
        }
        catch (CarillonException refused)
        {
            return ValueTask.FromException<IUnitOfWork>(refused);
        }

        var before = AmbientHolder.Living(AmbientContext.Entered);
        var holder = new AmbientHolder(before);
        AmbientContext.Enter(holder);
        return BeginAsync(holder, before, open.Add(caller, line, before), connection, cancellation);
    }

    /// <summary>Begins a transaction of the service's store that claims messages first.</summary>
    public ValueTask<IStoreTransaction> BeginToClaimAsync(CancellationToken cancellation) => Store().BeginToClaimAsync(cancellation);

    private async ValueTask<IUnitOfWork> BeginAsync(
        AmbientHolder holder, IAmbientScope? before, OpenUnitOfWork begun, DbConnection? connection, CancellationToken cancellation)
    {
        IStoreTransaction transaction;
        try
        {
            transaction = connection is null ? await Store().BeginAsync(cancellation) : await Store().BeginAsync(connection, cancellation);
        }
        catch
        {
            holder.HasEnded = true;
            open.Remove(begun);
            throw;
        }

        var work = new UnitOfWork(service, transaction, () => End(holder, before, begun), scheduled, Claim);
        holder.UnitOfWork = work;
        return work;
    }

    private void RefuseBeginning()
    {
        demandRunning?.Invoke();
        if (AmbientContext.UnitOfWork is not null)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                "There is a unit of work already, and it cannot hold another. Work in the one there is, or begin this one after it.");
        }

        if (SurroundingScope.Exists)
            throw SurroundingScope.Refusal("A unit of work begins");
    }

    private static void RefuseScope(in Envelope message)
    {
        // The text is made for those only who get it.
        if (SurroundingScope.Exists)
            throw SurroundingScope.Refusal($"{message.Type} is published");
    }

    private void End(AmbientHolder holder, IAmbientScope? before, OpenUnitOfWork begun)
    {
        open.Remove(begun);
        holder.UnitOfWork = null;
        holder.HasEnded = true;

        // Code in which it is not ambient may be in another one.
        if (ReferenceEquals(AmbientContext.Entered, holder))
            AmbientContext.Enter(before);
    }

    /// <summary>Code uses a unit of work that it has begun: what it publishes must join it.</summary>
    private void Claim(UnitOfWork work)
    {
        if (!ReferenceEquals(AmbientContext.UnitOfWork, work))
        {
            throw new CarillonException(ErrorCodes.UnitOfWorkNotJoined,
                $"The unit of work is used by code whose messages do not join it, because a method that has returned began it: what was published here went out by itself. {BeginWhereItIsUsed}");
        }
    }

    private IUnitOfWorkStore Store() => store ?? throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
        $"Service {service} has no store for units of work: choose a transport that is one too, such as UseSqlite, or publish without one.");
}
