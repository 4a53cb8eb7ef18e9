using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>
/// Reads a subscription's messages out of a log, those of one partition in the order of their positions, which is that of their commits. It
/// follows the topics that are stored, and stops a partition before a message that another instance is for.
/// </summary>
internal abstract class LogReader(StoredTopics topics, SubscriptionRoster roster, OwnedPartitions owned, Settlements settlements) : IAsyncDisposable
{
    private readonly EnvelopeReader _envelopes = new();
    private readonly Dictionary<(int Partition, long Position), LeftMessage> _left = [];
    private DeliveryRoom _room;
    private bool _isTurnOfLeft;

    /// <summary>Which generation of instances was there when the end of the log was seen.</summary>
    public long Generation { get; protected set; }

    /// <summary>What to read.</summary>
    protected StoredTopics Topics => topics;

    /// <summary>The partitions to read.</summary>
    protected OwnedPartitions Owned => owned;

    /// <summary>What was read, to be handed over.</summary>
    protected List<Delivery> Batch { get; } = [];

    /// <summary>Whether there is anything to read.</summary>
    public async ValueTask<bool> HasMoreAsync(CancellationToken cancellation) =>
        await HasUnreadAsync(cancellation) || owned.All.Any(static partition => partition.Progress.HasLeft);

    /// <summary>Reads what was left behind and can go on, then new messages, at most as many as there is room for. The list is valid until the next call.</summary>
    /// <param name="count">For how many messages there is room.</param>
    /// <param name="room">What is left of the room.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<List<Delivery>> ReadAsync(int count, DeliveryRoom room, CancellationToken cancellation)
    {
        Batch.Clear();
        _room = room;
        try
        {
            await ReadLeftAsync(count, cancellation);
            if (Batch.Count < count)
                await FetchAsync(count - Batch.Count, cancellation);
            return Batch;
        }
        catch (Exception)
        {
            // What was read so far is in nobody's hands.
            foreach (var delivery in Batch)
                delivery.Return();
            foreach (var ((partition, _), left) in _left)
                owned.Find(partition)?.Progress.GiveUp(left);
            _left.Clear();
            throw;
        }
    }

    /// <summary>Forgets the connection after a failure.</summary>
    public abstract ValueTask ResetAsync();

    public ValueTask DisposeAsync() => ResetAsync();

    /// <summary>Whether there is anything that was not read.</summary>
    protected abstract ValueTask<bool> HasUnreadAsync(CancellationToken cancellation);

    /// <summary>Reads messages by their places, for each of which <see cref="TakeLeft"/> is called.</summary>
    protected abstract ValueTask FetchLeftAsync(IReadOnlyCollection<(int Partition, long Position)> places, CancellationToken cancellation);

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
        var message = new KeyedPosition(position, envelope.Key, SizeOf(envelope));
        if (roster.MustLeave(envelope, out var type))
            place.Progress.StopBefore(position, type);
        else if (place.Progress.Take(message, _room, out var earlierDeliveries))
        {
            _room = _room.After(message.Bytes);
            Add(place, message, earlierDeliveries, envelope);
        }

        return envelope.Body.Length;
    }

    /// <summary>Takes a message into the batch that was left behind before.</summary>
    /// <param name="rows">Stands on the row.</param>
    /// <param name="partition">The message's partition.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="firstColumn">Where the envelope's columns begin.</param>
    protected void TakeLeft(Rows rows, int partition, long position, int firstColumn)
    {
        if (!_left.Remove((partition, position), out var left) || owned.Find(partition) is not { } place)
            return;
        var envelope = _envelopes.Read(rows, firstColumn);
        // It stops there when everything is read again.
        if (roster.MustLeave(envelope, out _))
            place.Progress.GiveUp(left);
        else if (place.Progress.HandsOver(left))
            Add(place, left.Message, left.EarlierDeliveries, envelope);
    }

    private static long SizeOf(in Envelope envelope) => BatchSize.Of(new ReadOnlySpan<Envelope>(in envelope));

    private async ValueTask ReadLeftAsync(int count, CancellationToken cancellation)
    {
        // With room for one, new messages have their turn too.
        _isTurnOfLeft = !_isTurnOfLeft;
        var most = Math.Max(count / 2, _isTurnOfLeft ? 1 : 0);
        foreach (var partition in owned.All)
        {
            foreach (var left in partition.Progress.TakeLeft(most - _left.Count, ref _room))
                _left.Add((partition.Partition, left.Message.Position), left);
        }

        if (_left.Count == 0)
            return;
        await FetchLeftAsync(_left.Keys, cancellation);
        // What is left now is gone from the log, because somebody deleted it.
        foreach (var ((partition, _), left) in _left)
            owned.Find(partition)?.Progress.Acknowledge(left.Message, out _);
        _left.Clear();
    }

    private void Add(OwnedPartition place, in KeyedPosition message, int earlierDeliveries, in Envelope envelope) =>
        Batch.Add(settlements.Rent().Fill(place, message, earlierDeliveries, envelope));
}
