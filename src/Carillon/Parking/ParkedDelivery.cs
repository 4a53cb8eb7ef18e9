using Carillon.Transports;

namespace Carillon.Parking;

/// <summary>A parked message on its way through its lane again: a retry is a redelivery like any other.</summary>
internal sealed class ParkedDelivery : Delivery
{
    public ParkedDelivery(ParkedMessage parked, ParkedRun run)
    {
        Parked = parked;
        Size = ParkedMessageSize.Of(parked);
        Run = run;
        Position = parked.Position;
        Partition = parked.Partition;
        Set(parked.Envelope);
    }

    public ParkedMessage Parked { get; }

    /// <summary>How many bytes of memory it holds, with all that came back with it.</summary>
    public long Size { get; }

    /// <summary>What it was claimed together with.</summary>
    public ParkedRun Run { get; }

    /// <summary>Whether it is finished and its store does not know that yet.</summary>
    public bool IsUnwritten { get; set; }

    /// <summary>Whether it is finished and its store knows that: there is nothing left of it.</summary>
    public bool IsWritten { get; set; }

    /// <summary>Whether it comes before another one of its key.</summary>
    public bool IsBefore(ParkedDelivery other) => (Parked.Position ?? 0, Parked.Id).CompareTo((other.Parked.Position ?? 0, other.Parked.Id)) < 0;

    /// <inheritdoc/>
    public override void Acknowledge()
    {
        if (!IsUnwritten)
            Run.End(this);
    }

    /// <inheritdoc/>
    public override void Return() => Run.End(this);
}
