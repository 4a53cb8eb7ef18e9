using System.Data.Common;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Keeps parked messages and dead letters in the database, next to the messages themselves.</summary>
internal sealed class RelationalParkingStore(IDatabaseSource databases) : IParkingStore, IStartNotes, IDeadLetters, IDisposable
{
    private readonly Lock _lock = new();
    private WorkWatch? _watch;

    public async ValueTask<IReadOnlyList<ParkingOwner>> TakeOverAsync(
        string subscription, IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation) =>
        partitions.Count == 0 ? [] : await WriteAsync(new PartitionTakeover(subscription, partitions), cancellation);

    public ValueTask<IReadOnlyList<string>> ReadHeldUpAsync(ParkingOwner owner, string? after, int limit, CancellationToken cancellation) =>
        ReadAsync((owner, after, limit), static (session, query) => HeldUpAsync(session, query.owner, query.after, query.limit), cancellation);

    public async ValueTask<ParkingAnswer> ParkAsync(ParkingOwner owner, IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation) =>
        await WriteAsync(new MessageParking(owner, messages), cancellation) ?? throw PartitionTakenOver.Refuse(owner);

    public async ValueTask<ParkingAnswer> SettleAsync(ParkingOwner owner, IReadOnlyList<long> finished, ParkedMessage? failed, CancellationToken cancellation) =>
        await WriteAsync(new ParkedSettlement(owner, finished, failed), cancellation) ?? throw PartitionTakenOver.Refuse(owner);

    public async ValueTask RetireAsync(string subscription, CancellationToken cancellation)
    {
        var pieces = new PieceSize(databases.Time);
        while (!await pieces.WriteAsync(() => WriteAsync(new ParkingRetirement(subscription, pieces.Rows), cancellation).AsTask()))
        {
            // The rest is the next piece.
        }
    }

    public async ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation)
    {
        if (claim.Owners.Count == 0)
            return [];
        var subscription = claim.Owners.First().Subscription;
        IReadOnlyCollection<string> partitions = [.. claim.Owners.Select(static owner => owner.Partition)];
        var now = StoredTime.From((await databases.OpenAsync(cancellation)).Now);
        var outlook = await ReadAsync((subscription, partitions, now), static (session, query) => ParkingOutlook.ReadAsync(session, query), cancellation);
        ParkingOwner[] ready = [.. claim.Owners.Where(owner => outlook.Ready.Contains(owner.Partition)).OrderBy(static owner => owner.Partition, StringComparer.Ordinal)];
        return ready.Length == 0 ? [] : await WriteAsync(new ClaimTaking(claim, ready), cancellation);
    }

    public async ValueTask<int> CountAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation) => (int)await ReadAsync(
        (owner, identity: MessageIdentity.Of(message)),
        static async (session, note) => await session.Prepare(ParkingSql.Starts)
            .Set("subscription", note.owner.Subscription).Set("partition", note.owner.Partition).Set("identity", note.identity).Set("epoch", note.owner.Epoch)
            .NumberAsync() ?? 0,
        cancellation);

    public async ValueTask NoteAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        if (!await WriteAsync(new StartNote(owner, MessageIdentity.Of(message)), cancellation))
            throw PartitionTakenOver.Refuse(owner);
    }

    public async ValueTask RemoveAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        if (!await WriteAsync(new StartNoteRemoval(owner, MessageIdentity.Of(message)), cancellation))
            throw PartitionTakenOver.Refuse(owner);
    }

    public async ValueTask WithdrawAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation) =>
        await WriteAsync(new StartNoteWithdrawal(owner, MessageIdentity.Of(message)), cancellation);

    public async ValueTask WaitForWorkAsync(string subscription, IReadOnlyCollection<string> partitions, TimeSpan patience, CancellationToken cancellation)
    {
        var began = databases.Time.GetTimestamp();
        await (await WatchAsync(cancellation)).WaitForWorkAsync(subscription, partitions, began, patience, cancellation);
    }

    public async ValueTask<IReadOnlyList<ReplayedKey>> WaitForReplaysAsync(string subscription, long after, TimeSpan patience, CancellationToken cancellation)
    {
        var began = databases.Time.GetTimestamp();
        return await (await WatchAsync(cancellation)).WaitForReplaysAsync(subscription, after, began, patience, cancellation);
    }

    public ValueTask<long> CountAsync(DeadLetterQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return FindsNothing(query)
            ? ValueTask.FromResult(0L)
            : ReadAsync(AsStored(query), static (session, query) => DeadLetterReader.CountAsync(session, query), cancellation);
    }

    public async ValueTask<IReadOnlyCollection<RoutedType>> ReviveAsync(ParkingOwner owner, HandledMessages handles, CancellationToken cancellation)
    {
        var pieces = new PieceSize(databases.Time);
        while (true)
        {
            // Mostly there is nothing, and then nothing is written.
            var found = await ReadAsync((owner, handles), static (session, query) => UnhandledMessages.ReadAsync(session, query), cancellation);
            if (found.IsAny)
                await ReviveAsync(owner, found.Handled, pieces, cancellation);
            if (found.IsAll)
                return found.Waiting;
        }
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return FindsNothing(query)
            ? ValueTask.FromResult<IReadOnlyList<DeadLetter>>([])
            : ReadAsync(AsStored(query), static (session, query) => DeadLetterReader.PageAsync(session, query), cancellation);
    }

    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) =>
        ReadAsync(id, static (session, id) => DeadLetterReader.FindAsync(session, id), cancellation);

    public async ValueTask ReplayAsync(long id, CancellationToken cancellation = default) =>
        Require(await WriteAsync(new DeadLetterReplay(id), cancellation), id);

    public async ValueTask DiscardAsync(long id, CancellationToken cancellation = default) =>
        Require(await WriteAsync(new DeadLetterDiscard(id), cancellation), id);

    public void Dispose() => _watch?.Dispose();

    private async ValueTask ReviveAsync(ParkingOwner owner, IReadOnlyList<UnhandledMessage> handled, PieceSize pieces, CancellationToken cancellation)
    {
        var revived = 0;
        do
        {
            // Also where nothing is revived: the write shows whether the caller still is the owner.
            UnhandledMessage[] piece = [.. handled.Skip(revived).Take(pieces.Rows)];
            if (!await pieces.WriteAsync(() => WriteAsync(new UnhandledRevival(owner, piece), cancellation).AsTask()))
                throw PartitionTakenOver.Refuse(owner);
            revived += piece.Length;
        }
        while (revived < handled.Count);
    }

    // Nothing is stored under such a name, and PostgreSQL would refuse the question.
    private static bool FindsNothing(DeadLetterQuery query) =>
        !StorableText.IsStorable(query.Subscription) || !StorableText.IsStorable(query.Type) || !StorableText.IsStorable(query.Key);

    private static DeadLetterQuery AsStored(DeadLetterQuery query) => query with
    {
        Key = IndexedText.Of(query.Key),
        Code = IndexedText.Of(StorableText.Show(query.Code)),
        ExceptCode = IndexedText.Of(StorableText.Show(query.ExceptCode)),
    };

    private static void Require(bool isFound, long id)
    {
        if (!isFound)
            throw new CarillonException(ErrorCodes.DeadLetterNotFound, $"There is no dead letter {id} (any more). List them again: somebody may have replayed or discarded it.");
    }

    private async ValueTask<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellation)
    {
        var database = await databases.OpenAsync(cancellation);
        try
        {
            return await database.WriteAsync(operation, cancellation);
        }
        catch (StorageFailedException e)
        {
            throw new CarillonException(e.IsForContent ? ErrorCodes.ContentRefused : ErrorCodes.ParkingFailed, $"The parked messages could not be changed. {e.Reason}", e);
        }
    }

    private async ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<Session, TState, ValueTask<TResult>> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var database = await databases.OpenAsync(cancellation);
        try
        {
            return await database.ReadAsync(state, read, cancellation);
        }
        catch (DbException e)
        {
            throw new CarillonException(ErrorCodes.ParkingFailed, $"The parked messages in {database.Name} cannot be read: {e.Message}", e);
        }
    }

    private async ValueTask<WorkWatch> WatchAsync(CancellationToken cancellation)
    {
        var database = await databases.OpenAsync(cancellation);
        lock (_lock)
            return _watch ??= new WorkWatch(database);
    }

    private static async ValueTask<IReadOnlyList<string>> HeldUpAsync(Session session, ParkingOwner owner, string? after, int limit)
    {
        var keys = new List<string>();
        await using var rows = await session.Prepare(ParkingSql.Of(session).HeldUp)
            .Set("subscription", owner.Subscription).Set("partition", owner.Partition).Set("from", IndexedText.Of(after) ?? "").Set("limit", limit + 1).ReadAsync();
        while (await rows.NextAsync())
        {
            if (keys.Count < limit && (after is null || rows.Text(0) != after))
                keys.Add(rows.Text(0));
        }

        return keys;
    }
}
