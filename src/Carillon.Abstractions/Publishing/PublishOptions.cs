namespace Carillon;

/// <summary>What a publisher may say about one message beyond what its type says. Every property is optional.</summary>
public sealed record PublishOptions
{
    /// <summary>
    /// The id of the message, for publishers that must be able to publish the same fact twice without effect. Default: a new UUID of
    /// version 7. Not allowed for a batch.
    /// </summary>
    public EventId Id { get; init; }

    /// <summary>The key, instead of the property marked with <see cref="KeyAttribute"/>; 1 to 512 characters.</summary>
    public string? Key { get; init; }

    /// <summary>The one service that the message is for; every other service's subscriptions never see it.</summary>
    public string? Destination { get; init; }

    /// <summary>The priority, instead of the message type's own.</summary>
    public Priority? Priority { get; init; }

    /// <summary>What the message is about within its source (CloudEvents 1.0 §3.1 <c>subject</c>).</summary>
    public string? Subject { get; init; }

    /// <summary>How long the message is worth handling, from now on; then it becomes a dead letter. Default: for ever.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The conversation, instead of the one of the message being handled.</summary>
    public EventId CorrelationId { get; init; }

    /// <summary>
    /// The publisher's own attributes: names of 1 to 64 characters of <c>a–z</c>, <c>0–9</c> and <c>-</c>; at most 64 of them, each
    /// value at most 4,096 characters without control characters. Names that begin with <c>car-</c> or <c>ce-</c> are reserved.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>What happens when the publisher's buffer is full, instead of the service's own choice.</summary>
    public OverloadBehavior? Overload { get; init; }
}
