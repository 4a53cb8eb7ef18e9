using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Carillon;

/// <summary>
/// Publishes events and sends commands. One bus belongs to one service; inject it anywhere, it is a singleton and safe to use from
/// many places at once.
/// </summary>
/// <remarks>
/// <para>A call completes when the transport has confirmed the message: from then on every subscription gets it, whatever dies (G1).
/// On a durable transport that means: written and flushed to disk. Calls made one after another are stored in that order, also when
/// they are not awaited one by one.</para>
/// <para>Inside a unit of work (<see cref="BeginAsync"/>, or a handler that runs in one) a message joins it, always: the call completes at
/// once, and the message is stored when the unit of work commits. <see cref="PublishOutsideAsync"/> is the one way around.</para>
/// <para>Inside a <c>TransactionScope</c> every method but <see cref="PublishOutsideAsync"/> throws <see cref="CarillonException"/> with
/// <see cref="ErrorCodes.InvalidUnitOfWork"/>: its rollback could not take anything back.</para>
/// <para>Inside a handler, correlation and causation are taken from the message being handled.</para>
/// <para>Every method throws <see cref="PublishFailedException"/> when the transport refuses the message,
/// <see cref="PublisherOverloadedException"/> when the buffer is full and the publisher chose not to wait,
/// <see cref="CarillonException"/> with <see cref="ErrorCodes.BusNotRunning"/> before the host has started and after it has stopped,
/// with <see cref="ErrorCodes.SerializationFailed"/>, <see cref="ErrorCodes.MessageTooLarge"/> or <see cref="ErrorCodes.UnreadableMessage"/> when the
/// message cannot be sent at all,
/// and <see cref="OperationCanceledException"/> when cancelled while it waits. A message that was already handed to the transport is
/// not taken back by cancelling.</para>
/// </remarks>
public interface IEventBus
{
    /// <summary>Publishes an event to every subscription of its topic.</summary>
    /// <typeparam name="TEvent">The event's type, marked with <see cref="EventAttribute"/>.</typeparam>
    ValueTask PublishAsync<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : notnull;

    /// <summary>Publishes an event with options of its own.</summary>
    /// <typeparam name="TEvent">The event's type, marked with <see cref="EventAttribute"/>.</typeparam>
    ValueTask PublishAsync<TEvent>(TEvent message, PublishOptions options, CancellationToken cancellation = default)
        where TEvent : notnull;

    /// <summary>
    /// Publishes several events. They are stored in the order given, next to each other as far as the transport's batch size allows.
    /// On failure, some may have been stored: the exception of the first one that was not is thrown.
    /// </summary>
    /// <typeparam name="TEvent">The events' type, marked with <see cref="EventAttribute"/>.</typeparam>
    ValueTask PublishBatchAsync<TEvent>(IReadOnlyList<TEvent> messages, PublishOptions? options = null, CancellationToken cancellation = default)
        where TEvent : notnull;

    /// <summary>
    /// Begins a unit of work: what is published until it is disposed, by this code and what it calls, is stored with its transaction.
    /// Inside a handler that runs in one there is no need to. A method that begins one for its caller returns what this returns, without async and
    /// await: otherwise its caller stays outside, and is refused with <see cref="ErrorCodes.UnitOfWorkNotJoined"/>.
    /// </summary>
    /// <param name="connection">An open connection to the service's store, or null for one of the store's own.</param>
    /// <param name="cancellation">Gives up waiting for the transaction.</param>
    /// <param name="caller">Written by the compiler: the method that begins it, which the health check names when it is not disposed.</param>
    /// <param name="line">Written by the compiler: where in its file.</param>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the service has no store, the connection is not one to it, or there is a unit of work already. With
    /// <see cref="ErrorCodes.BusNotRunning"/> before the host has started and after it has stopped.
    /// </exception>
    ValueTask<IUnitOfWork> BeginAsync(
        DbConnection? connection = null, CancellationToken cancellation = default, [CallerMemberName] string caller = "", [CallerLineNumber] int line = 0);

    /// <summary>
    /// Publishes an event at once although there is a unit of work: it is stored and handled whether that commits or not.
    /// </summary>
    /// <typeparam name="TEvent">The event's type, marked with <see cref="EventAttribute"/>.</typeparam>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.InvalidUnitOfWork"/> inside a unit of work on the file that is the transport too (SQLite): one file has one
    /// writer, and that is the unit of work. Publish before it begins or after it has ended.
    /// </exception>
    ValueTask PublishOutsideAsync<TEvent>(TEvent message, PublishOptions? options = null, CancellationToken cancellation = default)
        where TEvent : notnull;

    /// <summary>Sends a command to the one subscription that handles it.</summary>
    /// <typeparam name="TCommand">The command's type, marked with <see cref="CommandAttribute"/>.</typeparam>
    /// <exception cref="PublishFailedException">
    /// Among other things, with <see cref="ErrorCodes.NoCommandHandler"/> when no subscription handles the command.
    /// </exception>
    ValueTask SendAsync<TCommand>(TCommand message, PublishOptions? options = null, CancellationToken cancellation = default)
        where TCommand : notnull;

    /// <summary>
    /// Publishes an event, or sends a command, later: within a second of its time, whatever dies meanwhile where the service's schedule is
    /// durable. Inside a unit of work it joins that: it is scheduled when the unit of work commits.
    /// </summary>
    /// <typeparam name="TMessage">The message's type, marked with <see cref="EventAttribute"/> or <see cref="CommandAttribute"/>.</typeparam>
    /// <param name="message">The message as it is now; what it says is not looked at again when it is due.</param>
    /// <param name="at">When it is to be published, by the clock of the service. When that is over, it is published now.</param>
    /// <param name="options">
    /// What else there is to say. The time to live begins when the message is due. With an id of your own, a message that waits already and says the same is
    /// scheduled anew: it is published once, at the time of the last call, within a second where that is over. One that was published already is published again; handlers that ask for exactly once handle
    /// it once.
    /// </param>
    /// <param name="cancellation">Gives up waiting for the store; the message may be scheduled all the same.</param>
    /// <returns>The message's id, by which it can be cancelled.</returns>
    /// <exception cref="PublishFailedException">
    /// Among other things, with <see cref="ErrorCodes.AlreadyScheduled"/> when another message of the same id waits already: with another body, type, key, topic or destination.
    /// In a unit of work its commit says so.
    /// </exception>
    ValueTask<EventId> ScheduleAsync<TMessage>(
        TMessage message, DateTimeOffset at, PublishOptions? options = null, CancellationToken cancellation = default)
        where TMessage : notnull;

    /// <summary>
    /// Takes back a message of this service that is not due yet. Inside a unit of work it is taken back when that commits; messages that the
    /// unit of work itself scheduled can be taken back too.
    /// </summary>
    /// <param name="id">What <see cref="ScheduleAsync"/> returned.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    /// <returns>
    /// True: it is never published, in a unit of work once that has committed. False: it was published or cancelled before, is being published or cancelled at this
    /// moment, or was never scheduled.
    /// </returns>
    ValueTask<bool> CancelScheduledAsync(EventId id, CancellationToken cancellation = default);
}
