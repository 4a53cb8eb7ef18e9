using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>A message handed over. Never used again, so that settling it twice is always noticed.</summary>
internal sealed class SimulatedDelivery : Delivery
{
    private readonly HeldPartition _partition;
    private readonly KeyedPosition _message;
    private readonly SettlementBalance _balance;
    private readonly WakeSource _settled;
    private int _settlements;
    private bool _isFinished;
    private bool _isLost;

    public SimulatedDelivery(HeldPartition partition, TakenMessage taken, SettlementBalance balance, WakeSource settled)
    {
        (_partition, _balance, _settled) = (partition, balance, settled);
        (Position, Partition, EarlierDeliveries) = (taken.Message.Position, Partitions.Name(taken.Message.Partition), taken.EarlierDeliveries);
        _message = taken.Known;
        Set(taken.Message.Envelope);
    }

    /// <summary>Where the message came from.</summary>
    public HeldPartition Home => _partition;

    /// <summary>Whether it is in somebody's hands for the first time, and still counts there.</summary>
    public bool CanBeLost => !_isFinished && !_isLost && _settlements == 0 && EarlierDeliveries == 0 && !_partition.Progress.IsClosed;

    /// <summary>The time for acknowledging it is over: it is to be handed over again, and what is said about this one has no effect.</summary>
    public void Lose()
    {
        _isLost = true;
        _partition.Return(_message, EarlierDeliveries);
        _settled.Raise();
    }

    /// <summary>Finishes the message before it is handed over. What is said about it later has no effect.</summary>
    public void FinishEarly()
    {
        _isFinished = true;
        _partition.Acknowledge(_message);
    }

    /// <inheritdoc/>
    public override void Acknowledge()
    {
        RefuseSecond();
        _balance.Acknowledge(_isLost || (!_isFinished && _partition.Acknowledge(_message)));
        _settled.Raise();
    }

    /// <inheritdoc/>
    public override void Return()
    {
        RefuseSecond();
        _balance.Return(_isLost || _isFinished || _partition.Return(_message, EarlierDeliveries));
        _settled.Raise();
    }

    private void RefuseSecond()
    {
        if (Interlocked.Increment(ref _settlements) > 1)
        {
            throw new InvalidOperationException(
                $"The delivery of message {Envelope.Id} at position {Position} to {_balance.Subscription} was settled twice: settle each delivery once.");
        }
    }
}
