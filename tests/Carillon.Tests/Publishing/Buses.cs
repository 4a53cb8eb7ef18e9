using Carillon.Events;
using Carillon.Publishing;
using Carillon.Scheduling;
using Carillon.Serialization;

namespace Carillon.Tests.Publishing;

/// <summary>Makes buses for tests.</summary>
internal static class Buses
{
    public static EventBus Create(PublishBatcher batcher, MessageCatalog? catalog = null, EnvelopeLimits? limits = null)
    {
        limits ??= new EnvelopeLimits();
        var units = new UnitsOfWork("orders", store: null, new PublisherOptions(), new OpenUnitsOfWork("orders", TimeProvider.System));
        return new EventBus(
            catalog ?? new MessageCatalog([]), new JsonMessageSerializer(new MessageJsonOptions(), limits), Envelopes(TimeProvider.System, limits), batcher,
            units, new DelayedPublisher("orders", new ServiceSchedule("orders", TimeProvider.System), batcher, units, TimeProvider.System));
    }

    public static EnvelopeFactory Envelopes(TimeProvider time, EnvelopeLimits? limits = null) =>
        new("orders", new EventIdSource(time, new Random(1)), time, limits ?? new EnvelopeLimits());
}
