using Carillon.Routing;
using Carillon.Serialization;

namespace Carillon.Subscribing;

/// <summary>Turns an envelope into a message and finds what to do with it, or says why that is impossible.</summary>
internal sealed class MessageReader(SubscriptionPlan plan, EnvelopeInspector inspector, JsonMessageSerializer serializer)
{
    /// <summary>Whether the envelope's type goes to a handler of several messages. Nothing is checked yet.</summary>
    public MessageRoute? FindBatch(in Envelope envelope) => plan.HasBatches && plan.Find(envelope) is { IsBatch: true } route ? route : null;

    /// <summary>Says of a message that nothing is registered for it.</summary>
    public EnvelopeDefect Describe(in Envelope envelope) => new(ErrorCodes.UnknownType, plan.Describe(envelope));

    /// <summary>Reads a message.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public EnvelopeDefect? Read(in Envelope envelope, out MessageRoute? route, out object? message)
    {
        route = null;
        message = null;
        if (inspector.Inspect(envelope) is { } defect)
            return defect;
        route = plan.Find(envelope);
        if (route is null)
            return plan.IgnoresUnhandled(envelope) ? null : Describe(envelope);
        if (route.Message is null)
            return null;
        try
        {
            message = serializer.Deserialize(route.Message, envelope.Body);
            return null;
        }
        catch (MessageRejectedException rejected)
        {
            return new EnvelopeDefect(rejected.Code, rejected.Detail);
        }
    }
}
