using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Reads a subscription's messages out of a log, those of one partition in the order of their positions, which is that of their commits.</summary>
internal abstract class LogReader(SubscriptionTopology subscription, OwnedPartitions owned, Settlements settlements) : IAsyncDisposable
{
    private readonly EnvelopeReader _envelopes = new();

    /// <summary>The partitions to read.</summary>
    protected OwnedPartitions Owned => owned;

    /// <summary>What was read, to be handed over.</summary>
    protected List<Delivery> Batch { get; } = [];

    /// <summary>Whether there is anything that was not read.</summary>
    public abstract ValueTask<bool> HasMoreAsync(CancellationToken cancellation);

    /// <summary>Reads on, at most as many messages as there is room for. The list is valid until the next call.</summary>
    public abstract ValueTask<List<Delivery>> ReadAsync(int room, CancellationToken cancellation);

    /// <summary>Forgets the connection after a failure.</summary>
    public abstract ValueTask ResetAsync();

    public ValueTask DisposeAsync() => ResetAsync();

    /// <summary>Takes the message of a row into the batch, if it is for the subscription and not handed over yet.</summary>
    /// <param name="rows">Stands on the row.</param>
    /// <param name="partition">The message's partition.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="firstColumn">Where the envelope's columns begin.</param>
    /// <returns>The size of its body in bytes.</returns>
    protected int Take(Rows rows, int partition, long position, int firstColumn)
    {
        if (owned.Find(partition) is not { } place)
            return 0;
        var envelope = _envelopes.Read(rows, firstColumn);
        if (subscription.Accepts(envelope) && place.Take(position, out var earlierDeliveries))
            Batch.Add(settlements.Rent().Fill(place, position, earlierDeliveries, envelope));
        return envelope.Body.Length;
    }
}
