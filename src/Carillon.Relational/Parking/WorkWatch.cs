using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Waits until something can be claimed, or was replayed.</summary>
internal sealed class WorkWatch : IDisposable
{
    private const int ReplaysAtOnce = 1_000;
    private readonly Database _database;
    private readonly Signal _changed = new();
    private readonly IDisposable _listening;

    public WorkWatch(Database database)
    {
        _database = database;
        _listening = database.Changes.Listen(Hear);
    }

    public Task WaitForWorkAsync(string subscription, IReadOnlyCollection<string> partitions, long began, TimeSpan patience, CancellationToken cancellation) => WaitAsync(
        async () =>
        {
            var now = StoredTime.From(_database.Now);
            var outlook = await _database.ReadAsync((subscription, partitions, now), static (session, query) => ParkingOutlook.ReadAsync(session, query), cancellation);
            if (outlook.Ready.Count > 0)
                return null;
            return outlook.Next == long.MaxValue ? TimeSpan.FromDays(1) : TimeSpan.FromTicks(Math.Clamp(outlook.Next - now, 0, TimeSpan.TicksPerDay));
        },
        began,
        patience,
        cancellation);

    public async ValueTask<IReadOnlyList<ReplayedKey>> WaitForReplaysAsync(string subscription, long after, long began, TimeSpan patience, CancellationToken cancellation)
    {
        IReadOnlyList<ReplayedKey> replays = [];
        await WaitAsync(
            async () =>
            {
                replays = await _database.ReadAsync((subscription, after), static (session, query) => ReplaysAsync(session, query.subscription, query.after), cancellation);
                return replays.Count > 0 ? null : TimeSpan.FromDays(1);
            },
            began,
            patience,
            cancellation);
        return replays;
    }

    public void Dispose() => _listening.Dispose();

    private static async ValueTask<IReadOnlyList<ReplayedKey>> ReplaysAsync(Session session, string subscription, long after)
    {
        var replays = new List<ReplayedKey>();
        await using var rows = await session.Prepare(ParkingSql.Replays).Set("subscription", subscription).Set("after", after).Set("limit", ReplaysAtOnce).ReadAsync();
        while (await rows.NextAsync())
            replays.Add(new ReplayedKey(rows.Text(0), rows.Text(1), rows.Number(2)));
        return replays;
    }

    /// <summary>Looks again and again.</summary>
    /// <param name="look">Says null when the wait is over, otherwise for how long nothing changes by itself.</param>
    /// <param name="began">Since when it waits.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Gives up.</param>
    private async Task WaitAsync(Func<ValueTask<TimeSpan?>> look, long began, TimeSpan patience, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var version = _changed.Version;
            if (await look() is not { } next)
                return;
            var left = patience - _database.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                return;
            await _changed.WaitAsync(version, left < next ? left : next, _database.Time, cancellation);
        }
    }

    private void Hear(DatabaseChange change)
    {
        if ((change & DatabaseChange.Parking) != 0)
            _changed.Raise();
    }
}
