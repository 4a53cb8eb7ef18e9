using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>A message that its transport has finished before it is handled: nobody else will ever have it, and whoever returns it has lost it.</summary>
internal sealed class SettledDelivery : Delivery
{
    private readonly LostMessages _lost;

    private SettledDelivery(Delivery delivery, LostMessages lost)
    {
        _lost = lost;
        (Position, Partition, EarlierDeliveries) = (delivery.Position, delivery.Partition, delivery.EarlierDeliveries);
        Set(delivery.Envelope);
    }

    /// <summary>Takes a message out of a delivery, and settles that.</summary>
    public static SettledDelivery Of(Delivery delivery, LostMessages lost)
    {
        var settled = new SettledDelivery(delivery, lost);
        delivery.Acknowledge();
        return settled;
    }

    public override void Acknowledge()
    {
        // The transport has known it since before.
    }

    public override void Return() => _lost.Add(Envelope, LossReason.Stopped, "The process stopped, or its partition went away, before it was handled.");
}
