using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.DeadLetters;

/// <summary>A parked message on its way through its lane again: a retry is a redelivery like any other.</summary>
internal sealed class ParkedDelivery : Delivery
{
    private readonly Action<ParkedDelivery, bool> _settled;

    public ParkedDelivery(ParkedMessage parked, Action<ParkedDelivery, bool> settled)
    {
        Parked = parked;
        _settled = settled;
        Position = parked.Position;
        Partition = parked.Partition;
        Set(parked.Envelope);
    }

    public ParkedMessage Parked { get; }

    /// <inheritdoc/>
    public override void Acknowledge() => _settled(this, true);

    /// <inheritdoc/>
    public override void Return() => _settled(this, false);
}
