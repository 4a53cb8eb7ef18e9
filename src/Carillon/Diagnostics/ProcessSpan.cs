using System.Diagnostics;

namespace Carillon.Diagnostics;

/// <summary>
/// The span of one handler run: kind consumer, with the message's creation both as parent and as link (OpenTelemetry semantic
/// conventions 1.45, messaging spans, <c>process</c>). A malformed <c>traceparent</c> begins a new trace.
/// </summary>
internal static class ProcessSpan
{
    public static async ValueTask RunAsync(EventContext context, EventDelegate next, string system)
    {
        using var span = Start(context, system);
        try
        {
            await next(context);
        }
        catch (Exception error)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            span?.SetTag("error.type", error.GetType().FullName);
            throw;
        }
    }

    private static Activity? Start(EventContext context, string system)
    {
        var topic = context.Envelope.Topic;
        ActivityLink[] links = [];
        if (ActivityContext.TryParse(context.Envelope.TraceParent, context.Envelope.TraceState, isRemote: true, out var creation))
            links = [new ActivityLink(creation)];
        return CarillonTelemetry.Source.StartActivity(ActivityKind.Consumer, creation, TagsOf(context, topic, system), links, name: $"process {topic}");
    }

    private static IEnumerable<KeyValuePair<string, object?>> TagsOf(EventContext context, string? topic, string system) =>
    [
        new("messaging.operation.name", "process"),
        new("messaging.operation.type", "process"),
        new("messaging.system", system),
        new("messaging.destination.name", topic),
        new("messaging.destination.subscription.name", context.Subscription),
        new("messaging.consumer.group.name", context.Subscription),
        new("messaging.message.id", context.Id.ToString()),
        new("messaging.message.conversation_id", context.CorrelationId.ToString()),
    ];
}
