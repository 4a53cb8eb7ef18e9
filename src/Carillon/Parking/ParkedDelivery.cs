using Carillon.Transports;

namespace Carillon.Parking;

/// <summary>A parked message on its way through its lane again: a retry is a redelivery like any other.</summary>
internal sealed class ParkedDelivery : Delivery
{
    private readonly Action<ParkedDelivery> _settled;

    public ParkedDelivery(ParkedMessage parked, ParkedRun run, Action<ParkedDelivery> settled)
    {
        Parked = parked;
        Run = run;
        _settled = settled;
        Position = parked.Position;
        Partition = parked.Partition;
        Set(parked.Envelope);
    }

    public ParkedMessage Parked { get; }

    /// <summary>What it was claimed together with.</summary>
    public ParkedRun Run { get; }

    /// <inheritdoc/>
    public override void Acknowledge() => _settled(this);

    /// <inheritdoc/>
    public override void Return() => _settled(this);
}
