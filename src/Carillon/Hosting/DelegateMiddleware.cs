namespace Carillon.Hosting;

/// <summary>A middleware that is only a function.</summary>
internal sealed class DelegateMiddleware(Func<EventContext, EventDelegate, ValueTask> invoke) : IEventMiddleware
{
    public ValueTask InvokeAsync(EventContext context, EventDelegate next) => invoke(context, next);
}
