using Carillon.Relational;
using Carillon.Scheduling;

namespace Carillon.Sqlite.Tests.Scheduling;

public sealed class ReleaseSizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>All at once they would be in memory together, at each try.</summary>
    [Fact]
    public async Task Release_ShouldMoveAFewMegabytesAtOnce_WhenLargeMessagesAreDueTogether()
    {
        await using var files = new SqliteFiles(TimeProvider.System);
        var schedule = new RelationalSchedule(files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions()), Log.Messages);
        static ScheduledMessage Large(int number) => new(Messages.Event($"{number}") with { Body = new byte[1 << 20] }, DateTimeOffset.UnixEpoch);
        await schedule.AddAsync([.. Enumerable.Range(0, 10).Select(Large)], TestContext.Current.CancellationToken);

        var pieces = new List<int>();
        for (ScheduleRelease? release = null; release is not { Next: null }; pieces.Add(release.Value.Released))
            release = await schedule.ReleaseAsync(TestContext.Current.CancellationToken);

        Assert.Equal([4, 4, 2], pieces);
    }
}
