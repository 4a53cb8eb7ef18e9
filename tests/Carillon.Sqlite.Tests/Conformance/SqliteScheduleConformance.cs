using Carillon.Conformance;
using Carillon.Relational;
using Carillon.Scheduling;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

public sealed class SqliteScheduleConformance : ScheduleConformance
{
    private const int PageSize = 1_000;
    private readonly TemporaryFolder _folder = new();
    private SqliteFiles? _files;

    private SqliteFile File => _files!.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions());

    protected override ValueTask<ISchedule> OpenScheduleAsync(TimeProvider time)
    {
        _files ??= new SqliteFiles(time);
        return new ValueTask<ISchedule>(new RelationalSchedule(File, Log.Messages));
    }

    protected override async ValueTask<IReadOnlyList<Envelope>> ReadPublishedAsync()
    {
        var log = new RelationalMessageLog(File);
        var messages = new List<LoggedMessage>();
        while (true)
        {
            var page = await log.ReadAsync(
                new LogQuery { After = messages.Count == 0 ? 0 : messages[^1].Position, Limit = PageSize }, TestContext.Current.CancellationToken);
            messages.AddRange(page);
            if (page.Count < PageSize)
                return [.. messages.Select(message => message.Envelope)];
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_files is not null)
            await _files.DisposeAsync();
        _folder.Dispose();
    }
}
