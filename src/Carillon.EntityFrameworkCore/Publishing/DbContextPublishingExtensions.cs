using Carillon.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Carillon;

/// <summary>
/// Publishes in a <see cref="DbContext"/>: messages wait in it, like the rows that were added to it, and are stored with the next commit of
/// a transaction of the context, in the order in which they were published. <c>SaveChanges</c> alone is such a transaction.
/// </summary>
/// <remarks>
/// <para>Rolled back: what was published in the transaction is forgotten. What was published before it began waits on, like rows that are not
/// saved yet, unless its rows were saved in the transaction.</para>
/// <para>Not safe for several threads at once, like the context. Messages that wait when the context is disposed are dropped with its unsaved rows.</para>
/// <para>Every method throws <see cref="CarillonException"/> with <see cref="ErrorCodes.InvalidUnitOfWork"/> when the options of the context lack
/// <c>UseCarillon</c>, inside a <c>TransactionScope</c>, and inside a unit of work that the context is not part of; <c>SaveChanges</c>, or the
/// commit, throws it when the context is not on the database of the service's store. Otherwise what <see cref="IEventBus"/> throws.</para>
/// </remarks>
public static class DbContextPublishingExtensions
{
    /// <summary>Publishes an event with the next commit of the context.</summary>
    /// <typeparam name="TEvent">The event's type, marked with <see cref="EventAttribute"/>.</typeparam>
    public static void Publish<TEvent>(this DbContext context, TEvent message, PublishOptions? options = null)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(context);
        ContextOutbox.Of(context).Publish(bus => bus.PublishAsync(message, options ?? new PublishOptions()));
    }

    /// <summary>Sends a command with the next commit of the context.</summary>
    /// <typeparam name="TCommand">The command's type, marked with <see cref="CommandAttribute"/>.</typeparam>
    public static void Send<TCommand>(this DbContext context, TCommand message, PublishOptions? options = null)
        where TCommand : notnull
    {
        ArgumentNullException.ThrowIfNull(context);
        ContextOutbox.Of(context).Publish(bus => bus.SendAsync(message, options));
    }
}
