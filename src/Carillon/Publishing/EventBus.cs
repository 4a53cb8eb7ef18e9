using System.Buffers;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Carillon.Durability;
using Carillon.Events;
using Carillon.Serialization;

namespace Carillon.Publishing;

/// <summary>The bus of one service: finds out what a message is, turns it into an envelope, and hands it to the batcher.</summary>
internal sealed class EventBus : IEventBus
{
    private readonly MessageCatalog _catalog;
    private readonly JsonMessageSerializer _serializer;
    private readonly EnvelopeFactory _envelopes;
    private readonly PublishBatcher _batcher;
    private readonly UnitsOfWork _units;
    private readonly DelayedPublisher _delayed;
    private readonly RuntimeType _runtimeType;

    public EventBus(
        MessageCatalog catalog, JsonMessageSerializer serializer, EnvelopeFactory envelopes, PublishBatcher batcher, UnitsOfWork units, DelayedPublisher delayed)
    {
        _units = units;
        _delayed = delayed;
        _catalog = catalog;
        _serializer = serializer;
        _envelopes = envelopes;
        _batcher = batcher;
        _runtimeType = new RuntimeType(this);
    }

    public ValueTask PublishAsync<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : notnull => PublishAsync(message, MessageKind.Event, null, cancellation);

    public ValueTask PublishAsync<TEvent>(TEvent message, PublishOptions options, CancellationToken cancellation = default)
        where TEvent : notnull => PublishAsync(message, MessageKind.Event, options, cancellation);

    public ValueTask PublishOutsideAsync<TEvent>(TEvent message, PublishOptions? options = null, CancellationToken cancellation = default)
        where TEvent : notnull => PublishAsync(message, MessageKind.Event, options, cancellation, isOutside: true);

    public ValueTask<IUnitOfWork> BeginAsync(
        DbConnection? connection = null, CancellationToken cancellation = default, [CallerMemberName] string caller = "", [CallerLineNumber] int line = 0) =>
        _units.BeginAsync(connection, caller, line, cancellation);

    public ValueTask SendAsync<TCommand>(TCommand message, PublishOptions? options = null, CancellationToken cancellation = default)
        where TCommand : notnull => PublishAsync(message, MessageKind.Command, options, cancellation);

    public async ValueTask<EventId> ScheduleAsync<TMessage>(
        TMessage message, DateTimeOffset at, PublishOptions? options = null, CancellationToken cancellation = default)
        where TMessage : notnull
    {
        var envelope = CreateEnvelope(message, null, options);
        await _delayed.ScheduleAsync(envelope, at, mayWait: options is { Id.IsEmpty: false }, options?.Overload, cancellation);
        return envelope.Id;
    }

    public ValueTask<bool> CancelScheduledAsync(EventId id, CancellationToken cancellation = default) => _delayed.CancelAsync(id, cancellation);

    /// <summary>Publishes an event or sends a command, whichever the message is; null is nothing.</summary>
    public ValueTask DispatchAsync<TMessage>(TMessage? message, PublishOptions? options = null, CancellationToken cancellation = default)
    {
        if (message is null)
            return ValueTask.CompletedTask;

        // What a handler returns may be declared as anything; a message that was checked for null is one of some type.
#pragma warning disable CS8714
        return Nullable.GetUnderlyingType(typeof(TMessage)) is null
            ? PublishAsync(message, null, options, cancellation)
            : PublishAsync<object>(message, null, options, cancellation);
#pragma warning restore CS8714
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask PublishBatchAsync<TEvent>(IReadOnlyList<TEvent> messages, PublishOptions? options = null, CancellationToken cancellation = default)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (options is { Id.IsEmpty: false })
            throw new CarillonException(ErrorCodes.InvalidPublishOptions, "Id is not allowed for a batch: every message needs its own.");
        var count = messages.Count;
        if (count == 0)
            return;
        if (AmbientContext.UnitOfWork is { } work)
        {
            Join(work, messages, options);
            return;
        }

        var items = ArrayPool<PublishItem>.Shared.Rent(count);
        try
        {
            Prepare(messages, options, items.AsSpan(0, count));
            _batcher.Submit(items.AsSpan(0, count), options?.Overload, cancellation);
            Exception? first = null;
            for (var i = 0; i < count; i++)
            {
                try
                {
                    await items[i].Outcome;
                }
                catch (Exception exception)
                {
                    first ??= exception;
                }
            }

            if (first is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
        finally
        {
            ArrayPool<PublishItem>.Shared.Return(items, clearArray: true);
        }
    }

    private void Join<TEvent>(OutgoingMessages work, IReadOnlyList<TEvent> messages, PublishOptions? options)
        where TEvent : notnull
    {
        // All are made before any joins: one that cannot be made must not leave half a batch behind.
        var envelopes = new Envelope[messages.Count];
        for (var i = 0; i < envelopes.Length; i++)
            envelopes[i] = CreateEnvelope(messages[i], MessageKind.Event, options);
        _units.Join(work, envelopes);
    }

    private void Prepare<TEvent>(IReadOnlyList<TEvent> messages, PublishOptions? options, Span<PublishItem> items)
        where TEvent : notnull
    {
        var prepared = 0;
        try
        {
            for (; prepared < items.Length; prepared++)
            {
                var envelope = CreateEnvelope(messages[prepared], MessageKind.Event, options);
                _units.CheckDemand(envelope);
                items[prepared] = _batcher.Prepare(envelope);
            }
        }
        catch
        {
            foreach (var item in items[..prepared])
                item.Release();
            throw;
        }
    }

    private ValueTask PublishAsync<TMessage>(TMessage message, MessageKind? kind, PublishOptions? options, CancellationToken cancellation, bool isOutside = false)
        where TMessage : notnull
    {
        try
        {
            var envelope = CreateEnvelope(message, kind, options);
            return _units.TryJoin(envelope, isOutside) ? ValueTask.CompletedTask : _batcher.PublishAsync(envelope, options?.Overload, cancellation);
        }
        catch (OperationCanceledException exception) when (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    private Envelope CreateEnvelope<TMessage>(TMessage message, MessageKind? kind, PublishOptions? options)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(message);
        if (typeof(TMessage).IsValueType || message.GetType() == typeof(TMessage))
            return CreateEnvelope(_catalog.Get<TMessage>(), message, kind, options);
        return CreateEnvelopeOfDerived(message, kind, options);
    }

    /// <summary>The message is more than the variable says: its own type counts, or nothing of it may be lost.</summary>
    private Envelope CreateEnvelopeOfDerived<TMessage>(TMessage message, MessageKind? kind, PublishOptions? options)
        where TMessage : notnull
    {
        var type = message.GetType();
        if (_catalog.IsMessage(type))
            return _catalog.Get(type).Accept(_runtimeType, (message, kind, options));
        if (_catalog.IsMessage(typeof(TMessage)) && _catalog.Get<TMessage>() is var definition && _serializer.WritesDerivedTypes(definition))
            return CreateEnvelope(definition, message, kind, options);
        throw new CarillonException(ErrorCodes.NotAMessage,
            $"{type} is not a message and {typeof(TMessage)} does not say how to write it, so that its own properties would be lost: mark {type.Name} with [Event(\"…\")] or [Command(\"…\")].");
    }

    private Envelope CreateEnvelope<TMessage>(MessageDefinition<TMessage> definition, TMessage message, MessageKind? kind, PublishOptions? options)
        where TMessage : notnull
    {
        if (kind is { } wanted && wanted != definition.Kind)
        {
            throw new CarillonException(ErrorCodes.WrongMessageKind, definition.Kind == MessageKind.Event
                ? $"{definition.Name} is an event, not a command: publish it with PublishAsync."
                : $"{definition.Name} is a command, not an event: send it with SendAsync.");
        }

        return _envelopes.Create(definition, message, options, _serializer.Serialize(definition, message));
    }

    private sealed class RuntimeType(EventBus bus) : IMessageVisitor<(object Message, MessageKind? Kind, PublishOptions? Options), Envelope>
    {
        public Envelope Visit<TMessage>(MessageDefinition<TMessage> definition, (object Message, MessageKind? Kind, PublishOptions? Options) state)
            where TMessage : notnull => bus.CreateEnvelope(definition, (TMessage)state.Message, state.Kind, state.Options);
    }
}
