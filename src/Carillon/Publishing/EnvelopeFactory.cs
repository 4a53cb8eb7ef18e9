using System.Diagnostics;
using Carillon.Events;
using Carillon.Serialization;
using Carillon.Transports;

namespace Carillon.Publishing;

/// <summary>Makes the envelopes of one service's messages.</summary>
internal sealed class EnvelopeFactory(string service, EventIdSource ids, TimeProvider time, EnvelopeLimits limits)
{
    private readonly string _source = SourceWithin(service, limits);
    private readonly PublishOptionsValidator _validator = new(limits);

    /// <summary>Where the messages of a service come from.</summary>
    public static string SourceOf(string service) => "/services/" + service;

    /// <summary>Puts a body into an envelope with everything that the message, its type, the caller and the surroundings say about it.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidPublishOptions"/>, naming which.</exception>
    public Envelope Create<TMessage>(MessageDefinition<TMessage> definition, TMessage message, PublishOptions? options, ReadOnlyMemory<byte> body)
        where TMessage : notnull
    {
        if (options is not null)
            _validator.Check(options);
        var key = options?.Key ?? definition.Key?.Invoke(message);
        PublishOptionsValidator.CheckKey(key, definition);
        var id = options is { Id.IsEmpty: false } ? options.Id : ids.Next();
        var now = time.GetUtcNow();
        var cause = AmbientContext.Entered?.Cause;
        var trace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity : null;
        return new Envelope
        {
            Id = id,
            Source = _source,
            Type = definition.Name,
            Version = definition.Version,
            Kind = definition.Kind,
            Topic = definition.Topic,
            Destination = options?.Destination,
            Key = key,
            Priority = options?.Priority ?? definition.Priority,
            Subject = options?.Subject,
            Time = now,
            ExpiryTime = ExpiryOf(options, now),
            ContentType = JsonMessageSerializer.ContentType,
            CorrelationId = CorrelationOf(options, cause, id),
            CausationId = cause?.Id ?? default,
            TraceParent = trace?.Id,
            TraceState = StorableText.IsStorable(trace?.TraceStateString) ? trace?.TraceStateString : null,
            Headers = options?.Headers is { Count: > 0 } headers ? new Dictionary<string, string>(headers, StringComparer.Ordinal) : null,
            Body = body,
        };
    }

    // With a longer one, every receiver would refuse every message.
    private static string SourceWithin(string service, EnvelopeLimits limits)
    {
        var source = SourceOf(service);
        return source.Length <= limits.SourceCharacters ? source : throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
            $"The messages of service {service} come from {source}, which has {source.Length} characters, and Carillon:Limits:SourceCharacters is {limits.SourceCharacters}: raise the limit, or shorten the name.");
    }

    private static EventId CorrelationOf(PublishOptions? options, MessageCause? cause, EventId id)
    {
        if (options is { CorrelationId.IsEmpty: false })
            return options.CorrelationId;
        if (cause is not { } known)
            return id;
        return known.CorrelationId.IsEmpty ? known.Id : known.CorrelationId;
    }

    private static DateTimeOffset? ExpiryOf(PublishOptions? options, DateTimeOffset now) =>
        options?.TimeToLive is { } lifetime && lifetime < DateTimeOffset.MaxValue - now ? now + lifetime : null;
}
