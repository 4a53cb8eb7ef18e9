using Carillon.Durability;
using Carillon.Publishing;
using Carillon.Retrying;
using Carillon.Routing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Subscribing;

/// <summary>What surrounds the messages that one worker handles, one after the other.</summary>
internal sealed class DeliveryContext(string service, string subscription, EventBus bus, IServiceScopeFactory scopes)
{
    private HandlerContext? _run;
    private MessageRoute? _circuitRoute;
    private OutageCircuit? _circuit;

    /// <summary>The service.</summary>
    public string Service => service;

    /// <summary>The subscription.</summary>
    public string Subscription => subscription;

    /// <summary>The bus of the service.</summary>
    public EventBus Bus => bus;

    /// <summary>Where the services of a run come from.</summary>
    public IServiceScopeFactory Scopes => scopes;

    /// <summary>Who watches how long attempts take; null when nobody does.</summary>
    public RunningAttempt? Watched { get; init; }

    /// <summary>The worker that the attempt belongs to.</summary>
    public LaneWorker? Worker { get; set; }

    /// <summary>Ends the waiting for a unit of work to begin.</summary>
    public CancellationToken Patience { get; set; }

    /// <summary>What cancels the next attempt, when that was begun with before its lane was taken away and has only waited for its turn since; null on ordinary days.</summary>
    public CancellationToken? Begun { get; set; }

    /// <summary>The unit of work of the next run, when its message is handled exactly once.</summary>
    public UnitOfWork? Work { get; set; }

    /// <summary>The handler that runs or ran last, for the record of a failed attempt; null when the attempt has not come to one.</summary>
    public HandlerDefinition? Handler => Volatile.Read(ref _run)?.Handler;

    /// <summary>Whether the attempt has come to its handlers, or at least to the middleware around them.</summary>
    public bool HasRun => Volatile.Read(ref _run) is not null;

    /// <summary>The circuit of a kind of message, which is mostly that of the message before.</summary>
    public OutageCircuit? CircuitOf(MessageRoute route, OutageCircuits circuits)
    {
        if (!ReferenceEquals(route, _circuitRoute))
            (_circuitRoute, _circuit) = (route, circuits.For(route));
        return _circuit;
    }

    /// <summary>An attempt begins, and has not come to a handler.</summary>
    public void Reset() => Volatile.Write(ref _run, null);

    /// <summary>Begins a run, and makes it what the calling flow is part of.</summary>
    public HandlerContext Begin(Delivery delivery, MessageRoute route, HandledMessage handled, int attempt, CancellationToken cancellation)
    {
        var run = new HandlerContext(this, delivery, route, handled, attempt, Work, cancellation);
        Work = null;
        Volatile.Write(ref _run, run);
        AmbientContext.Enter(run);
        return run;
    }
}
