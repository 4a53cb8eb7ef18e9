using Carillon;

namespace OrderFlow.Hosting;

/// <summary>Prints a line for each event that a service has handled, so that one can watch it travel.</summary>
internal sealed partial class EventConsole(ILoggerFactory loggers) : IEventMiddleware
{
    private readonly ILogger _logger = loggers.CreateLogger("OrderFlow");

    public async ValueTask InvokeAsync(EventContext context, EventDelegate next)
    {
        await next(context);
        Handled(_logger, context.Subscription, context.Type, context.Key);
    }

    [LoggerMessage(1, LogLevel.Information, "{Subscription,-9} handled {Type,-22} of {Key}")]
    private static partial void Handled(ILogger logger, string subscription, string type, string? key);
}
