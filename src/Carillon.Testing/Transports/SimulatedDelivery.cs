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

    public SimulatedDelivery(HeldPartition partition, TakenMessage taken, SettlementBalance balance, WakeSource settled)
    {
        (_partition, _balance, _settled) = (partition, balance, settled);
        (Position, Partition, EarlierDeliveries) = (taken.Message.Position, Partitions.Name(taken.Message.Partition), taken.EarlierDeliveries);
        _message = taken.Known;
        Set(taken.Message.Envelope);
    }

    /// <inheritdoc/>
    public override void Acknowledge()
    {
        RefuseSecond();
        _balance.Acknowledge(_partition.Acknowledge(_message));
        _settled.Raise();
    }

    /// <inheritdoc/>
    public override void Return()
    {
        RefuseSecond();
        _balance.Return(_partition.Return(_message, EarlierDeliveries));
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
