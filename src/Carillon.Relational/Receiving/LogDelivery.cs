using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>A message handed over. Used again for another one when it is settled.</summary>
internal sealed class LogDelivery(Settlements settlements) : Delivery
{
    private OwnedPartition? _partition;
    private long _position;
    private long _bytes;

    /// <summary>About how much memory a message takes.</summary>
    public static long SizeOf(in Envelope envelope) => BatchSize.Of(new ReadOnlySpan<Envelope>(in envelope));

    /// <summary>Puts a message in.</summary>
    public LogDelivery Fill(OwnedPartition partition, long position, int earlierDeliveries, in Envelope envelope)
    {
        _partition = partition;
        Partition = partition.Name;
        Position = _position = position;
        EarlierDeliveries = earlierDeliveries;
        _bytes = SizeOf(envelope);
        Set(envelope);
        return this;
    }

    public override void Acknowledge()
    {
        var (partition, position, key) = Empty();
        settlements.Acknowledge(this, partition, position, key, _bytes);
    }

    public override void Return()
    {
        var earlier = EarlierDeliveries;
        var (partition, position, key) = Empty();
        settlements.Return(this, partition, position, earlier, key, _bytes);
    }

    private (OwnedPartition Partition, long Position, string? Key) Empty()
    {
        var partition = _partition ?? throw new InvalidOperationException($"The delivery at position {Position} was settled twice.");
        var key = Envelope.Key;
        _partition = null;
        Set(default);
        return (partition, _position, key);
    }
}
