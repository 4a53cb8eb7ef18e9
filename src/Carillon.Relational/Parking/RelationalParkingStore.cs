using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Keeps parked messages and dead letters in the database, next to the messages themselves.</summary>
internal sealed class RelationalParkingStore(IDatabaseSource databases) : IParkingStore, IDeadLetters, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<long, long> _claims = new();
    private WorkWatch? _watch;

    public async ValueTask ParkAsync(IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation)
    {
        if (messages.Count > 0)
            await WriteAsync(new MessageParking(messages), cancellation);
    }

    public ValueTask<IReadOnlyDictionary<string, int>> CountByKeyAsync(string subscription, string partition, CancellationToken cancellation) =>
        ReadAsync<(string Name, string Partition), IReadOnlyDictionary<string, int>>(
            (subscription, partition), static (session, query) => CountByKeyAsync(session, query.Name, query.Partition), cancellation);

    public async ValueTask WaitForWorkAsync(string subscription, TimeSpan patience, CancellationToken cancellation)
    {
        var began = databases.Time.GetTimestamp();
        var database = await databases.OpenAsync(cancellation);
        lock (_lock)
            _watch ??= new WorkWatch(database);
        await _watch.WaitAsync(subscription, patience, began, cancellation);
    }

    public async ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation)
    {
        var database = await databases.OpenAsync(cancellation);
        var partitions = Json(claim.Partitions);
        var now = StoredTime.From(database.Now);
        if (!await ReadAsync((claim.Subscription, partitions, now), static (session, query) => IsDueAsync(session, query), cancellation))
            return [];
        var taken = await WriteAsync(new ClaimTaking(claim, partitions, database.Process), cancellation);
        foreach (var (message, number) in taken)
            _claims[message.Id] = number;
        return [.. taken.Select(one => one.Message)];
    }

    public async ValueTask UpdateAsync(ParkedMessage message, CancellationToken cancellation)
    {
        long? claim = _claims.TryGetValue(message.Id, out var number) ? number : null;
        await WriteAsync(new ParkedUpdate(message, claim), cancellation);
        _claims.TryRemove(message.Id, out _);
    }

    public async ValueTask CompleteAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        await WriteAsync(new ParkedCompletion(ids), cancellation);
        foreach (var id in ids)
            _claims.TryRemove(id, out _);
    }

    public async ValueTask ReviveAsync(string subscription, string partition, HandledTypes handles, CancellationToken cancellation)
    {
        // Mostly there is nothing, and then nothing is written.
        var isAny = await ReadAsync(
            (subscription, partition),
            static async (session, place) => await session.Prepare(ParkingSql.Unhandled + " LIMIT 1")
                .Set("subscription", place.subscription).Set("partition", place.partition).NumberAsync() is not null,
            cancellation);
        if (isAny)
            await WriteAsync(new UnhandledRevival(subscription, partition, handles), cancellation);
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        // Nothing is stored under such a name, and PostgreSQL would refuse the question.
        if (!StorableText.IsStorable(query.Subscription) || !StorableText.IsStorable(query.Type) || !StorableText.IsStorable(query.Key) || !StorableText.IsStorable(query.Code))
            return ValueTask.FromResult<IReadOnlyList<DeadLetter>>([]);
        return ReadAsync(query, static (session, query) => DeadLetterReader.PageAsync(session, query), cancellation);
    }

    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) =>
        ReadAsync(id, static (session, id) => DeadLetterReader.FindAsync(session, id), cancellation);

    public async ValueTask ReplayAsync(long id, CancellationToken cancellation = default) =>
        Require(await WriteAsync(new DeadLetterReplay(id), cancellation), id);

    public async ValueTask DiscardAsync(long id, CancellationToken cancellation = default) =>
        Require(await WriteAsync(new DeadLetterDiscard(id), cancellation), id);

    public void Dispose() => _watch?.Dispose();

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

    private static async ValueTask<IReadOnlyDictionary<string, int>> CountByKeyAsync(Session session, string subscription, string partition)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var rows = await session.Prepare(ParkingSql.Of(session).CountByKey).Set("subscription", subscription).Set("partition", partition).ReadAsync();
        while (await rows.NextAsync())
            counts.Add(rows.Text(0), (int)rows.Number(1));
        return counts;
    }

    private static async ValueTask<bool> IsDueAsync(Session session, (string Subscription, string Partitions, long Now) query) =>
        await session.Prepare(ParkingSql.Of(session).IsDue)
            .Set("subscription", query.Subscription).Set("partitions", query.Partitions).Set("now", query.Now).NumberAsync() == 1;

    private static string Json(IReadOnlyCollection<string> partitions) => JsonSerializer.Serialize(partitions, ParkingJsonContext.Default.IReadOnlyCollectionString);
}
