using System.Data.Common;
using System.Runtime.CompilerServices;
using Carillon.Publishing;

namespace Carillon.Hosting;

/// <summary>
/// The bus that is injected without saying of which service: inside a handler that of the service that handles, otherwise that of the
/// host's only service.
/// </summary>
internal sealed class AmbientEventBus(Func<IEventBus> only) : IEventBus
{
    private IEventBus? _only;

    private IEventBus Current => AmbientContext.Entered?.Bus ?? (_only ??= only());

    public ValueTask PublishAsync<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : notnull => Current.PublishAsync(message, cancellation);

    public ValueTask PublishAsync<TEvent>(TEvent message, PublishOptions options, CancellationToken cancellation = default)
        where TEvent : notnull => Current.PublishAsync(message, options, cancellation);

    public ValueTask PublishBatchAsync<TEvent>(IReadOnlyList<TEvent> messages, PublishOptions? options = null, CancellationToken cancellation = default)
        where TEvent : notnull => Current.PublishBatchAsync(messages, options, cancellation);

    public ValueTask PublishOutsideAsync<TEvent>(TEvent message, PublishOptions? options = null, CancellationToken cancellation = default)
        where TEvent : notnull => Current.PublishOutsideAsync(message, options, cancellation);

    public ValueTask<IUnitOfWork> BeginAsync(
        DbConnection? connection = null, CancellationToken cancellation = default, [CallerMemberName] string caller = "", [CallerLineNumber] int line = 0) =>
        Current.BeginAsync(connection, cancellation, caller, line);

    public ValueTask SendAsync<TCommand>(TCommand message, PublishOptions? options = null, CancellationToken cancellation = default)
        where TCommand : notnull => Current.SendAsync(message, options, cancellation);

    public ValueTask<EventId> ScheduleAsync<TMessage>(
        TMessage message, DateTimeOffset at, PublishOptions? options = null, CancellationToken cancellation = default)
        where TMessage : notnull => Current.ScheduleAsync(message, at, options, cancellation);

    public ValueTask<bool> CancelScheduledAsync(EventId id, CancellationToken cancellation = default) => Current.CancelScheduledAsync(id, cancellation);
}
