using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>A message handed over. Used again for another one when it is settled.</summary>
internal sealed class LogDelivery(Settlements settlements) : Delivery
{
    private OwnedPartition? _partition;
    private long _position;

    /// <summary>Puts a message in.</summary>
    public LogDelivery Fill(OwnedPartition partition, long position, int earlierDeliveries, in Envelope envelope)
    {
        _partition = partition;
        Partition = partition.Name;
        Position = _position = position;
        EarlierDeliveries = earlierDeliveries;
        Set(envelope);
        return this;
    }

    public override void Acknowledge()
    {
        var (partition, position) = Empty();
        settlements.Acknowledge(this, partition, position);
    }

    public override void Return()
    {
        var earlier = EarlierDeliveries;
        var (partition, position) = Empty();
        settlements.Return(this, partition, position, earlier);
    }

    private (OwnedPartition Partition, long Position) Empty()
    {
        var partition = _partition ?? throw new InvalidOperationException($"The delivery at position {Position} was settled twice.");
        _partition = null;
        Set(default);
        return (partition, _position);
    }
}
