using Carillon.Durability;
using Carillon.Publishing;
using Carillon.Routing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Subscribing;

/// <summary>
/// The context of one run of the handlers of a message. Each run has its own, so that code which outlives its handler finds nothing of another message
/// here, and what it publishes is still said to be because of its own.
/// </summary>
/// <param name="worker">Whoever handles it.</param>
/// <param name="delivery">The message; of a batch, the first one.</param>
/// <param name="route">What the subscription does with it.</param>
/// <param name="handled">What handlers are given.</param>
/// <param name="attempt">Which attempt it is.</param>
/// <param name="work">The unit of work, when the message is handled exactly once.</param>
/// <param name="cancellation">Ends the run.</param>
internal sealed class HandlerContext(
    DeliveryContext worker, Delivery delivery, MessageRoute route, HandledMessage handled, int attempt, UnitOfWork? work, CancellationToken cancellation) : EventContext, IAmbientScope
{
    private readonly MessageCause _cause = new(delivery.Envelope.Id, delivery.Envelope.CorrelationId);
    private HandledMessage _handled = handled;
    private Delivery? _delivery = delivery;
    private IServiceScope? _scope;

    public override ref readonly Envelope Envelope => ref Current.Envelope;

    public override string Service => worker.Service;

    public override string Subscription => worker.Subscription;

    public override int Attempt => attempt;

    public override IServiceProvider Services => (_scope ??= OpenScope()).ServiceProvider;

    public override IEventBus Bus => worker.Bus;

    public override IUnitOfWork UnitOfWork => work ?? throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
        $"{Handler?.Name} runs in no unit of work, because subscription {Subscription} handles at least once. Ask for [Handler(Delivery = DeliveryGuarantee.ExactlyOnce)].");

    public override CancellationToken Cancellation => cancellation;

    /// <summary>The message; of a batch, the first one.</summary>
    public object? Message => Handled.Message;

    /// <summary>The messages that are handled in one call, or null when it is only this one.</summary>
    public object? Batch => Handled.Batch;

    /// <summary>What the subscription does with the message.</summary>
    public MessageRoute Route => route;

    /// <summary>The unit of work, when the message is handled exactly once.</summary>
    public UnitOfWork? Work => work;

    /// <summary>The handler that runs or ran last; null when the run has not come to one.</summary>
    public HandlerDefinition? Handler { get; set; }

    MessageCause? IAmbientScope.Cause => _cause;

    OutgoingMessages? IAmbientScope.UnitOfWork => work;

    // Code that outlives its handler must not go on with the next one.
    private HandledMessage Handled
    {
        get
        {
            var handled = _handled;
            _ = Current;
            return handled;
        }
    }

    private Delivery Current => Volatile.Read(ref _delivery) ?? throw new InvalidOperationException(
        "This EventContext is no longer valid: it must not be used after its handler has completed. Copy what you need before.");

    /// <summary>Ends the run: nobody finds anything here any more.</summary>
    public ValueTask EndAsync()
    {
        Volatile.Write(ref _delivery, null);
        // A worker without work keeps its last run, and must not keep its message.
        _handled = default;
        return Interlocked.Exchange(ref _scope, null) is { } scope ? new AsyncServiceScope(scope).DisposeAsync() : ValueTask.CompletedTask;
    }

    public override ValueTask ReturnAsync<TMessage>(TMessage? message)
        where TMessage : default
    {
        _ = Current;
        return worker.Bus.DispatchAsync(message, null, cancellation);
    }

    private IServiceScope OpenScope()
    {
        _ = Current;
        return worker.Scopes.CreateScope();
    }
}
