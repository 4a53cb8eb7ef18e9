using Carillon.Durability;
using Carillon.Publishing;
using Carillon.Retrying;
using Carillon.Routing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Subscribing;

/// <summary>The context of the message that one worker is handling; the worker uses it again for its next one.</summary>
internal sealed class DeliveryContext(string service, string subscription, EventBus bus, IServiceScopeFactory scopes) : EventContext
{
    private readonly AmbientHolder _ambient = new();
    private Delivery? _delivery;
    private AsyncServiceScope? _scope;
    private CancellationToken _cancellation;
    private int _attempt;
    private MessageRoute? _circuitRoute;
    private OutageCircuit? _circuit;

    public override ref readonly Envelope Envelope => ref Current.Envelope;

    public override string Service => service;

    public override string Subscription => subscription;

    public override int Attempt => _attempt;

    public override IServiceProvider Services => (_scope ??= OpenScope()).ServiceProvider;

    public override IEventBus Bus => bus;

    public override IUnitOfWork UnitOfWork => Work ?? throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
        $"{Handler?.Name} runs in no unit of work, because subscription {subscription} handles at least once. Ask for [Handler(Delivery = DeliveryGuarantee.ExactlyOnce)].");

    public override CancellationToken Cancellation => _cancellation;

    /// <summary>Who watches how long attempts take; null when nobody does.</summary>
    public RunningAttempt? Watched { get; init; }

    /// <summary>The circuit of a kind of message, which is mostly that of the message before.</summary>
    public OutageCircuit? CircuitOf(MessageRoute route, OutageCircuits circuits)
    {
        if (!ReferenceEquals(route, _circuitRoute))
            (_circuitRoute, _circuit) = (route, circuits.For(route));
        return _circuit;
    }

    /// <summary>The worker that the attempt belongs to.</summary>
    public LaneWorker? Worker { get; set; }

    /// <summary>The message; of a batch, the first one.</summary>
    public object? Message { get; private set; }

    /// <summary>The messages that are handled in one call, or null when it is only this one.</summary>
    public object? Batch { get; private set; }

    /// <summary>What the subscription does with the message.</summary>
    public MessageRoute? Route { get; private set; }

    /// <summary>The unit of work, when the message is handled exactly once.</summary>
    public UnitOfWork? Work { get; set; }

    /// <summary>Ends the waiting for a unit of work to begin.</summary>
    public CancellationToken Patience { get; set; }

    /// <summary>The handler that runs or ran last, for the record of a failed attempt; null when the attempt has not come to one.</summary>
    public HandlerDefinition? Handler { get; set; }

    private Delivery Current => _delivery ?? throw new InvalidOperationException(
        "This EventContext is no longer valid: it must not be used after its handler has completed. Copy what you need before.");

    /// <summary>Makes the context the ambient one of the worker's flow; what it holds changes from message to message.</summary>
    public void Enter() => AmbientContext.Enter(_ambient);

    public void Begin(Delivery delivery, MessageRoute route, HandledMessage handled, int attempt, CancellationToken cancellation)
    {
        _delivery = delivery;
        _attempt = attempt;
        _cancellation = cancellation;
        Route = route;
        Message = handled.Message;
        Batch = handled.Batch;
        _ambient.Context = this;
        if (Work is not null)
            AmbientContext.Enter(new AmbientHolder { Context = this, UnitOfWork = Work });
    }

    public ValueTask EndAsync()
    {
        _ambient.Context = null;
        _delivery = null;
        Message = null;
        Batch = null;
        Work = null;
        if (_scope is not { } scope)
            return ValueTask.CompletedTask;
        _scope = null;
        return scope.DisposeAsync();
    }

    public override ValueTask ReturnAsync<TMessage>(TMessage? message)
        where TMessage : default => bus.DispatchAsync(message, null, _cancellation);

    private AsyncServiceScope OpenScope()
    {
        _ = Current;
        return scopes.CreateAsyncScope();
    }
}
