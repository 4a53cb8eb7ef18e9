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
        var run = context as HandlerContext ?? throw new InvalidOperationException("A middleware must pass on the EventContext that it was given.");
        if (run is { Batch: null, Message: { } message } && !run.Route.Accepts(message))
            return ValueTask.CompletedTask;
        var handlers = run.Route.Handlers;
        return handlers.Length == 1 ? Run(handlers[0], run) : RunAllAsync(handlers, run);
    }

    private static async ValueTask RunAllAsync(HandlerDefinition[] handlers, HandlerContext context)
    {
        foreach (var handler in handlers)
            await Run(handler, context);
    }

    private static ValueTask Run(HandlerDefinition handler, HandlerContext context)
    {
        context.Handler = handler;
        var handled = handler.IsBatch ? context.Batch ?? handler.CreateBatch([context.Message!]) : context.Message;
        return handler.InvokeAsync(handled, context, context.Cancellation);
    }
}
