using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>A message handed over. Used again for another one when it is settled.</summary>
internal sealed class LogDelivery(Settlements settlements) : Delivery
{
    private PartitionProgress? _progress;
    private KeyedPosition _message;
    private bool _isFinished;

    /// <summary>Puts a message in.</summary>
    public LogDelivery Fill(OwnedPartition partition, in KeyedPosition message, int earlierDeliveries, in Envelope envelope)
    {
        _progress = partition.Progress;
        _message = message;
        _isFinished = false;
        Partition = partition.Name;
        Position = message.Position;
        EarlierDeliveries = earlierDeliveries;
        Set(envelope);
        return this;
    }

    /// <summary>Finishes the message before it is handed over. Settling it later only gives the object back.</summary>
    public void FinishEarly()
    {
        _isFinished = true;
        settlements.FinishEarly(_progress!, _message);
    }

    public override void Acknowledge()
    {
        var progress = Empty();
        if (_isFinished)
            settlements.Keep(this);
        else
            settlements.Acknowledge(this, progress, _message);
    }

    public override void Return()
    {
        var earlier = EarlierDeliveries;
        var progress = Empty();
        if (_isFinished)
            settlements.Keep(this);
        else
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
