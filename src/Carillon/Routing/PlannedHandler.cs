using Carillon.Transports;

namespace Carillon.Routing;

/// <summary>A handler, and the topics by which messages come to it: null where that is not asked about, because its type says it all.</summary>
internal sealed record PlannedHandler(HandlerDefinition Definition, TopicPattern[]? Topics)
{
    /// <summary>What it takes, as other instances are told.</summary>
    public IEnumerable<HandlerScope> Scopes
    {
        get
        {
            HandledType? type = Definition.Message is { } message ? new HandledType(message.Name, message.Version) : null;
            return Topics is null ? [new HandlerScope(type, null)] : Topics.Select(topics => new HandlerScope(type, topics));
        }
    }

    /// <summary>The topics that it asks for.</summary>
    public IEnumerable<TopicPattern> Wanted => Topics ?? [TopicPattern.Parse(Definition.Message!.Topic)];

    /// <summary>Plans a handler.</summary>
    /// <exception cref="CarillonConfigurationException">It does not say of which topics it takes messages.</exception>
    public static PlannedHandler Of(HandlerDefinition handler)
    {
        if (handler is { Message.Kind: MessageKind.Command } or { Topics: null, Message: not null })
            return new PlannedHandler(handler, null);
        return handler.Topics is { Count: > 0 } topics ? new PlannedHandler(handler, [.. topics.Select(TopicPattern.Parse)]) : throw new CarillonConfigurationException(
            ErrorCodes.InvalidConfiguration,
            handler.Message is null
                ? $"{handler.Name} takes every message, so it must say of which topics: [Handler(Topics = [\"order.>\"])]."
                : $"{handler.Name} takes {handler.Message.Name} of no topic at all: name one, or leave the topics out to take those of the message's own.");
    }

    /// <summary>Whether messages come to it by a topic.</summary>
    public bool IsFor(string topic)
    {
        if (Topics is null)
            return true;
        foreach (var pattern in Topics)
        {
            if (pattern.Matches(topic))
                return true;
        }

        return false;
    }

    /// <summary>Whether it and another one ask for one topic.</summary>
    public bool Meets(PlannedHandler other) => Wanted.Any(mine => other.Wanted.Any(mine.Meets));
}
