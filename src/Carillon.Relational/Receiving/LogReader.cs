using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// Reads a subscription's messages out of a log, those of one partition in the order of their positions, which is that of their commits. It
/// follows the topics that are stored, and stops a partition before a message that another instance is for.
/// </summary>
internal abstract class LogReader(StoredTopics topics, SubscriptionRoster roster, OwnedPartitions owned, Settlements settlements) : IAsyncDisposable
{
    private readonly EnvelopeReader _envelopes = new();

    /// <summary>Which generation of instances was there when the end of the log was seen.</summary>
    public long Generation { get; protected set; }

    /// <summary>What to read.</summary>
    protected StoredTopics Topics => topics;

    /// <summary>The partitions to read.</summary>
    protected OwnedPartitions Owned => owned;

    /// <summary>What was read, to be handed over.</summary>
    protected List<Delivery> Batch { get; } = [];

    /// <summary>Whether there is anything that was not read.</summary>
    public abstract ValueTask<bool> HasMoreAsync(CancellationToken cancellation);

    /// <summary>Reads on, at most as many messages as there is room for. The list is valid until the next call.</summary>
    public async ValueTask<List<Delivery>> ReadAsync(int room, CancellationToken cancellation)
    {
        Batch.Clear();
        try
        {
            await FetchAsync(room, cancellation);
            return Batch;
        }
        catch (Exception)
        {
            // What was read so far is in nobody's hands.
            foreach (var delivery in Batch)
                delivery.Return();
            throw;
        }
    }

    /// <summary>Forgets the connection after a failure.</summary>
    public abstract ValueTask ResetAsync();

    public ValueTask DisposeAsync() => ResetAsync();

    /// <summary>Reads into the batch.</summary>
    protected abstract ValueTask FetchAsync(int room, CancellationToken cancellation);

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
        if (!topics.Current.Accepts(envelope))
            return envelope.Body.Length;
        if (roster.MustLeave(envelope, out var type))
            place.StopBefore(position, type);
        else if (place.Take(position, out var earlierDeliveries))
            Batch.Add(settlements.Rent().Fill(place, position, earlierDeliveries, envelope));
        return envelope.Body.Length;
    }
}
