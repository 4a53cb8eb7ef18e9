using Carillon.Testing.Logs;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>A message handed over. Never used again, so that settling it twice is always noticed.</summary>
internal sealed class SimulatedDelivery : Delivery
{
    private readonly HeldPartition _partition;
    private readonly long _position;
    private readonly SettlementBalance _balance;
    private readonly WakeSource _settled;
    private int _settlements;

    public SimulatedDelivery(HeldPartition partition, CommittedMessage message, int earlierDeliveries, SettlementBalance balance, WakeSource settled)
    {
        (_partition, _balance, _settled) = (partition, balance, settled);
        (Position, Partition, EarlierDeliveries) = (message.Position, Partitions.Name(message.Partition), earlierDeliveries);
        _position = message.Position;
        Set(message.Envelope);
    }

    /// <inheritdoc/>
    public override void Acknowledge()
    {
        RefuseSecond();
        _balance.Acknowledge(_partition.Acknowledge(_position));
        _settled.Raise();
    }

    /// <inheritdoc/>
    public override void Return()
    {
        RefuseSecond();
        _balance.Return(_partition.Return(_position, EarlierDeliveries));
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
