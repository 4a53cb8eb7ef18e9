using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Sqlite;
using Carillon.Relational;
using Carillon.Scheduling;
using Carillon.Transports;

namespace Carillon.Properties.Tests.Scheduling;

/// <summary>A schedule on a SQLite file.</summary>
internal sealed class ScheduleOnFile(ShownTime time) : IScheduleUnderTest
{
    private const int PageSize = 1000;
    private readonly TemporaryFile _file = new(time);
    private long _read;

    public ISchedule Schedule => new RelationalSchedule(_file.File, Log.Messages);

    public async ValueTask<IReadOnlyList<Envelope>> ReadPublishedAsync()
    {
        var page = await new RelationalMessageLog(_file.File).ReadAsync(new LogQuery { After = _read, Limit = PageSize }, TestContext.Current.CancellationToken);
        _read = page.Count > 0 ? page[^1].Position : _read;
        return [.. page.Select(message => message.Envelope)];
    }

    public async ValueTask RestartAsync() => await _file.CloseAsync();

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
