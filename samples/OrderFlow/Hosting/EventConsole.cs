using Carillon;

namespace OrderFlow.Hosting;

/// <summary>Prints a line for each event that a service has handled, so that one can watch it travel.</summary>
internal sealed partial class EventConsole(ILogger<EventConsole> logger) : IEventMiddleware
{
    public async ValueTask InvokeAsync(EventContext context, EventDelegate next)
    {
        await next(context);
        Handled(logger, context.Subscription, context.Type, context.Key);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Subscription,-9} handled {Type,-22} of {Key}")]
    private static partial void Handled(ILogger logger, string subscription, string type, string? key);
}
