using System.Collections.Concurrent;
using System.Text.Json;
using Carillon.Parking;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite;

/// <summary>Keeps parked messages and dead letters in the file, next to the messages themselves.</summary>
internal sealed class SqliteParkingStore(SqliteFile file) : IParkingStore, IDeadLetters, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<long, long> _claims = new();
    private WorkWatch? _watch;

    public async ValueTask ParkAsync(IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation)
    {
        if (messages.Count > 0)
            await WriteAsync(new MessageParking(messages), cancellation);
    }

    public ValueTask<IReadOnlyDictionary<string, int>> CountByKeyAsync(string subscription, IReadOnlyCollection<int> partitions, CancellationToken cancellation) =>
        ReadAsync<(string Name, string Partitions), IReadOnlyDictionary<string, int>>(
            (subscription, Json(partitions)), static (connection, query) => CountByKey(connection, query.Name, query.Partitions), cancellation);

    public async ValueTask WaitForWorkAsync(string subscription, TimeSpan patience, CancellationToken cancellation)
    {
        var began = file.Time.GetTimestamp();
        var open = await file.OpenAsync(cancellation);
        lock (_lock)
            _watch ??= new WorkWatch(open);
        await _watch.WaitAsync(subscription, patience, began, cancellation);
    }

    public async ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation)
    {
        var open = await file.OpenAsync(cancellation);
        var partitions = Json(claim.Partitions);
        var now = StoredTime.From(open.Time.GetUtcNow());
        if (!await ReadAsync((claim.Subscription, partitions, now), static (connection, query) => IsDue(connection, query), cancellation))
            return [];
        var taken = await WriteAsync(new ClaimTaking(claim, partitions, open.Process), cancellation);
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

    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync(query, static (connection, query) => DeadLetterReader.Page(connection, query), cancellation);
    }

    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) =>
        ReadAsync(id, static (connection, id) => DeadLetterReader.Find(connection, id), cancellation);

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
        var open = await file.OpenAsync(cancellation);
        try
        {
            return await open.Writes.WriteAsync(operation, cancellation);
        }
        catch (WriteFailedException e)
        {
            throw new CarillonException(ErrorCodes.ParkingFailed, $"The parked messages could not be changed. {e.Reason}", e);
        }
    }

    private async ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<PreparedConnection, TState, TResult> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var open = await file.OpenAsync(cancellation);
        try
        {
            return open.Reads.Read(state, read);
        }
        catch (SqliteException e)
        {
            throw new CarillonException(ErrorCodes.ParkingFailed, $"The parked messages in {file.Path} cannot be read: {e.Message}", e);
        }
    }

    private static Dictionary<string, int> CountByKey(PreparedConnection connection, string subscription, string partitions)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        using var rows = connection.Prepare(ParkingSql.CountByKey).Set("subscription", subscription).Set("partitions", partitions).Read();
        while (rows.Read())
            counts.Add(rows.GetString(0), rows.GetInt32(1));
        return counts;
    }

    private static bool IsDue(PreparedConnection connection, (string Subscription, string Partitions, long Now) query) =>
        connection.Prepare(ParkingSql.IsDue).Set("subscription", query.Subscription).Set("partitions", query.Partitions).Set("now", query.Now).Number() == 1;

    private static string Json(IReadOnlyCollection<int> partitions) => JsonSerializer.Serialize(partitions, ParkingJsonContext.Default.IReadOnlyCollectionInt32);
}
