using Carillon.SourceGenerator.Models;

namespace Carillon.SourceGenerator.Emit;

/// <summary>Says for people what Carillon does for a handler. The manifest says the same for programs.</summary>
internal static class HandlerDescription
{
    public static IEnumerable<string> Documentation(HandlerModel handler)
    {
        yield return "/// <summary>";
        yield return $"/// <c>{Code.Xml(handler.Name)}</c> {Code.Xml(What(handler))}.";
        yield return "/// </summary>";
        yield return "/// <remarks>";
        foreach (var line in Details(handler))
            yield return $"/// <para>{Code.Xml(line)}</para>";
        yield return "/// </remarks>";
    }

    /// <summary>Where the value of a parameter comes from.</summary>
    public static string Origin(ParameterModel parameter, MessageInput input) => parameter.Origin switch
    {
        ParameterOrigin.Message => input switch { MessageInput.Batch => "batch", MessageInput.Envelope => "envelope", _ => "message" },
        ParameterOrigin.Context => "context",
        ParameterOrigin.Cancellation => "cancellation",
        ParameterOrigin.Bus => "bus",
        ParameterOrigin.Envelope => "envelope",
        ParameterOrigin.Services => "services of the run",
        ParameterOrigin.UnitOfWork => "unit of work",
        ParameterOrigin.Transaction => "transaction of the unit of work",
        ParameterOrigin.Connection => "connection of the unit of work",
        ParameterOrigin.DbContext => "works in the unit of work, saved before its commit",
        _ => (parameter.IsOptional ? "optional " : "") + (parameter.ServiceKey is { } key ? $"service with key {key}" : "service"),
    };

    /// <summary>How often the effect of a message happens, as far as the handler asks.</summary>
    public static string Delivery(HandlerModel handler) => handler switch
    {
        { IsExactlyOnce: true } => "exactly once",
        { IsAtMostOnce: true } => "at most once",
        _ => "at least once",
    };

    /// <summary>A message with its version, as people write it.</summary>
    public static string Wire(MessageModel message) => $"{message.WireName} version {message.Version}";

    private static string What(HandlerModel handler)
    {
        var amount = handler.Input == MessageInput.Batch ? $"batches of at most {handler.Settings.BatchSize} of the " : "the ";
        var what = handler.Message is { } message ? $"{amount}{message.Kind} {Wire(message)}" : "every message of its topics, as it travelled";
        return handler.IsLocal ? $"handles {what}, when it is raised inside the process" : $"handles {what}";
    }

    private static string? UnitOfWork(HandlerModel handler) => handler switch
    {
        { IsExactlyOnce: true } =>
            "Runs in a unit of work: its rows, what it publishes, and the mark that the message was handled are committed together, so the effect happens exactly once.",
        { RunsInUnitOfWork: true } => "Runs in a unit of work: that of the code that raises the event, which commits it.",
        { IsAtMostOnce: true } => "Delivery: at most once. A message is finished before this runs: what fails is not tried again, and lost.",
        { IsLocal: false } => "Delivery: at least once, as far as this handler asks.",
        _ => null,
    };

    private static IEnumerable<string> Details(HandlerModel handler)
    {
        if (!handler.IsLocal)
        {
            yield return $"Topics: {string.Join(", ", handler.Topics)}.";
            yield return handler.Settings.Subscription is { } subscription
                ? $"Subscription: its own, {subscription}."
                : "Subscription: the service's.";
            if (handler.Message is { } message)
                yield return message.Key is { } key ? $"In order by {key.Property}." : "In any order: the message has no key.";
        }

        if (UnitOfWork(handler) is { } work)
            yield return work;
        yield return handler.IsStatic ? "Runs without an instance." : $"Runs on {handler.Class.ShortName} from the services of the run.";
        foreach (var parameter in handler.Parameters)
            yield return $"{parameter.Name}: {parameter.Type.ShortName} ({Origin(parameter, handler.Input)}).";
        var published = handler.Published.Select(Wire).Distinct().ToArray();
        yield return published.Length == 0 ? "Publishes nothing by returning." : $"Publishes {string.Join(", ", published)}, unless it is null.";
    }
}
