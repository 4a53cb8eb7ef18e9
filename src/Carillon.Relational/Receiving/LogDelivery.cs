using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>A message handed over. Used again for another one when it is settled.</summary>
internal sealed class LogDelivery(Settlements settlements) : Delivery
{
    private PartitionProgress? _progress;
    private KeyedPosition _message;

    /// <summary>Puts a message in.</summary>
    public LogDelivery Fill(OwnedPartition partition, in KeyedPosition message, int earlierDeliveries, in Envelope envelope)
    {
        _progress = partition.Progress;
        _message = message;
        Partition = partition.Name;
        Position = message.Position;
        EarlierDeliveries = earlierDeliveries;
        Set(envelope);
        return this;
    }

    public override void Acknowledge()
    {
        var progress = Empty();
        settlements.Acknowledge(this, progress, _message);
    }

    public override void Return()
    {
        var earlier = EarlierDeliveries;
        var progress = Empty();
        settlements.Return(this, progress, _message, earlier);
    }

    private PartitionProgress Empty()
    {
        var progress = _progress ?? throw new InvalidOperationException($"The delivery at position {Position} was settled twice.");
        _progress = null;
        Set(default);
        return progress;
    }
}
