namespace Carillon.Sqlite;

/// <summary>
/// Waits until something may be claimed. Work that was announced and that nobody took, because it is another instance's, is announced
/// again after a pause only.
/// </summary>
internal sealed class WorkWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly OpenFile _file;
    private readonly Signal _changed = new();
    private readonly IDisposable _listening;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Version, long Time)> _announced = new(StringComparer.Ordinal);

    public WorkWatch(OpenFile file)
    {
        _file = file;
        _listening = file.Changes.Listen(Hear);
    }

    public async Task WaitAsync(string subscription, TimeSpan patience, long began, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var version = _changed.Version;
            if (TryAnnounce(subscription, version, out var next))
                return;
            var left = patience - _file.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                return;
            await _changed.WaitAsync(version, left < next ? left : next, _file.Time, cancellation);
        }
    }

    public void Dispose() => _listening.Dispose();

    private bool TryAnnounce(string subscription, long version, out TimeSpan next)
    {
        var now = StoredTime.From(_file.Time.GetUtcNow());
        lock (_lock)
        {
            var announced = _announced.GetValueOrDefault(subscription, (Version: -1, Time: 0));
            var outlook = _file.Reads.Read((subscription, now, announced.Time), static (connection, query) => ParkingOutlook.Read(connection, query));
            if (outlook.IsReady && (outlook.IsNew || version != announced.Version || now - announced.Time >= Pause.Ticks))
            {
                _announced[subscription] = (version, now);
                next = default;
                return true;
            }

            var until = outlook.Next == long.MaxValue ? TimeSpan.FromDays(1) : TimeSpan.FromTicks(Math.Min(outlook.Next - now, TimeSpan.TicksPerDay));
            next = outlook.IsReady && until > Pause ? Pause : until;
            return false;
        }
    }

    private void Hear(FileChange change)
    {
        if ((change & FileChange.Parking) != 0)
            _changed.Raise();
    }
}
