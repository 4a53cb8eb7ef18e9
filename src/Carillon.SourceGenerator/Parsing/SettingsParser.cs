using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads what [Handler] says and checks it against the message.</summary>
internal static class SettingsParser
{
    private const int MaxBatchSize = 10_000;

    public static HandlerSettings Parse(
        AttributeData attribute, IMethodSymbol method, string name, (MessageInput Input, MessageModel? Message)? input, Findings findings)
    {
        var subscription = attribute.Setting("Subscription")?.Value as string;
        var topics = attribute.Setting("Topics") is { IsNull: false } given ? given.Values.Select(topic => topic.Value as string).ToArray() : [];
        var isOrdered = attribute.Setting("Ordered")?.Value is true;
        var batchSize = attribute.Setting("BatchSize")?.Value is int size ? size : HandlerSettings.DefaultBatchSize;
        var place = attribute.LocationOf() ?? method.Locations.FirstOrDefault();

        CheckTopics(topics, subscription, place, name, input, findings);
        if (batchSize is < 1 or > MaxBatchSize)
            findings.Add(Rules.InvalidBatchSize, place, batchSize, name);
        if (isOrdered && input?.Message is { Key: null } message)
            findings.Add(Rules.KeyMissing, place, name, message.Type.ShortName);
        return new(subscription, new(topics.Select(topic => topic ?? "")), isOrdered, batchSize, DeliveryParser.AsksForExactlyOnce(attribute), DeliveryParser.AsksForAtMostOnce(attribute));
    }

    private static void CheckTopics(
        string?[] topics, string? subscription, Location? place, string name, (MessageInput Input, MessageModel? Message)? input, Findings findings)
    {
        foreach (var topic in topics.Where(topic => !WireText.IsPattern(topic)))
        {
            findings.Add(Rules.InvalidTopics, place, name,
                $"\"{topic}\" is not a topic or pattern; write words of letters, digits, '-' and '_' separated by dots, '*' for one word, '>' as the last word for one or more");
        }

        if (topics.Length == 0 && input?.Input == MessageInput.Envelope)
            findings.Add(Rules.InvalidTopics, place, name, "a handler of envelopes needs topics; write [Handler(Topics = [\"order.>\"])]");
        if (subscription is not null && !WireText.IsName(subscription))
        {
            findings.Add(Rules.InvalidTopics, place, name,
                $"\"{subscription}\" is no name for a subscription; write words of letters, digits, '-' and '_' separated by dots");
        }
    }
}
