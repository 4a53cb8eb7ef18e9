namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>A bus to recognise, not to publish with.</summary>
internal sealed class SilentBus : IEventBus
{
    public ValueTask PublishAsync<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : notnull => default;

    public ValueTask PublishAsync<TEvent>(TEvent message, PublishOptions options, CancellationToken cancellation = default)
        where TEvent : notnull => default;

    public ValueTask PublishBatchAsync<TEvent>(IReadOnlyList<TEvent> messages, PublishOptions? options = null, CancellationToken cancellation = default)
        where TEvent : notnull => default;

    public ValueTask PublishOutsideAsync<TEvent>(TEvent message, PublishOptions? options = null, CancellationToken cancellation = default)
        where TEvent : notnull => default;

    public ValueTask<IUnitOfWork> BeginAsync(System.Data.Common.DbConnection? connection = null, CancellationToken cancellation = default, string caller = "", int line = 0) =>
        throw new CarillonException(ErrorCodes.InvalidUnitOfWork, "There is none.");

    public ValueTask SendAsync<TCommand>(TCommand message, PublishOptions? options = null, CancellationToken cancellation = default)
        where TCommand : notnull => default;

    public ValueTask<EventId> ScheduleAsync<TMessage>(
        TMessage message, DateTimeOffset at, PublishOptions? options = null, CancellationToken cancellation = default)
        where TMessage : notnull => default;

    public ValueTask<bool> CancelScheduledAsync(EventId id, CancellationToken cancellation = default) => default;
}
