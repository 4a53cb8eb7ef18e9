using Carillon.Events;
using Carillon.Publishing;
using Carillon.Serialization;

namespace Carillon.Tests.Publishing;

/// <summary>Makes buses for tests.</summary>
internal static class Buses
{
    public static EventBus Create(PublishBatcher batcher, MessageCatalog? catalog = null, EnvelopeLimits? limits = null)
    {
        limits ??= new EnvelopeLimits();
        return new EventBus(
            catalog ?? new MessageCatalog([]), new JsonMessageSerializer(new MessageJsonOptions(), limits), Envelopes(TimeProvider.System, limits), batcher,
            new UnitsOfWork("orders", store: null, new PublisherOptions()));
    }

    public static EnvelopeFactory Envelopes(TimeProvider time, EnvelopeLimits? limits = null) =>
        new("orders", new EventIdSource(time, new Random(1)), time, limits ?? new EnvelopeLimits());
}
