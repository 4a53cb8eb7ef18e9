using Carillon.Diagnostics;

namespace Carillon.Subscribing;

/// <summary>The way from the middleware to the handlers, composed once at start.</summary>
internal static class HandlerPipeline
{
    /// <summary>Composes the steps, the first one outermost, inside the span of the run.</summary>
    /// <param name="middleware">The steps.</param>
    /// <param name="system">The transport's name in telemetry.</param>
    public static EventDelegate Compose(IReadOnlyList<IEventMiddleware> middleware, string system)
    {
        EventDelegate next = RunHandlers;
        for (var i = middleware.Count - 1; i >= 0; i--)
            next = Step(middleware[i], next);
        return context => CarillonTelemetry.Source.HasListeners() ? ProcessSpan.RunAsync(context, next, system) : next(context);
    }

    private static EventDelegate Step(IEventMiddleware middleware, EventDelegate next) =>
        context => middleware.InvokeAsync(context, next);

    private static ValueTask RunHandlers(EventContext context)
    {
        var delivery = context as DeliveryContext ?? throw new InvalidOperationException("A middleware must pass on the EventContext that it was given.");
        var route = delivery.Route!;
        if (delivery is { Batch: null, Message: { } message } && !route.Accepts(message))
            return ValueTask.CompletedTask;
        var handlers = route.Handlers;
        return handlers.Length == 1 ? Run(handlers[0], delivery) : RunAllAsync(handlers, delivery);
    }

    private static async ValueTask RunAllAsync(HandlerDefinition[] handlers, DeliveryContext context)
    {
        foreach (var handler in handlers)
            await Run(handler, context);
    }

    private static ValueTask Run(HandlerDefinition handler, DeliveryContext context)
    {
        context.Handler = handler;
        var handled = handler.IsBatch ? context.Batch ?? handler.CreateBatch([context.Message!]) : context.Message;
        return handler.InvokeAsync(handled, context, context.Cancellation);
    }
}
