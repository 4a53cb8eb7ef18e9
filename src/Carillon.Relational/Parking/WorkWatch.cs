namespace Carillon.Relational;

/// <summary>
/// Waits until something may be claimed. Work that was announced and that nobody took, because it is another instance's, is announced
/// again after a pause only.
/// </summary>
internal sealed class WorkWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly Database _database;
    private readonly Signal _changed = new();
    private readonly IDisposable _listening;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Version, long Time)> _announced = new(StringComparer.Ordinal);

    public WorkWatch(Database database)
    {
        _database = database;
        _listening = database.Changes.Listen(Hear);
    }

    public async Task WaitAsync(string subscription, TimeSpan patience, long began, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var version = _changed.Version;
            if (await AnnounceAsync(subscription, version, cancellation) is not { } next)
                return;
            var left = patience - _database.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                return;
            await _changed.WaitAsync(version, left < next ? left : next, _database.Time, cancellation);
        }
    }

    public void Dispose() => _listening.Dispose();

    /// <returns>Null when there is something to claim; otherwise for how long there is nothing.</returns>
    private async ValueTask<TimeSpan?> AnnounceAsync(string subscription, long version, CancellationToken cancellation)
    {
        var now = StoredTime.From(_database.Now);
        var announced = Announced(subscription);
        var outlook = await _database.ReadAsync(
            (subscription, now, announced.Time), static (session, query) => ParkingOutlook.ReadAsync(session, query), cancellation);
        if (outlook.IsReady && (outlook.IsNew || version != announced.Version || now - announced.Time >= Pause.Ticks))
        {
            lock (_lock)
                _announced[subscription] = (version, now);
            return null;
        }

        var until = outlook.Next == long.MaxValue ? TimeSpan.FromDays(1) : TimeSpan.FromTicks(Math.Clamp(outlook.Next - now, 0, TimeSpan.TicksPerDay));
        return outlook.IsReady && until > Pause ? Pause : until;
    }

    private (long Version, long Time) Announced(string subscription)
    {
        lock (_lock)
            return _announced.GetValueOrDefault(subscription, (Version: -1, Time: 0));
    }

    private void Hear(DatabaseChange change)
    {
        if ((change & DatabaseChange.Parking) != 0)
            _changed.Raise();
    }
}
