using Carillon.Conformance;
using Carillon.Relational;
using Carillon.Scheduling;
using Carillon.Tests;
using Carillon.Transports;

namespace Carillon.PostgreSql.Tests;

public class PostgreSqlScheduleConformance : ScheduleConformance
{
    private const int PageSize = 1_000;
    private PostgreSqlDatabases? _databases;
    private TestDatabase _database = null!;

    protected override bool KeepsGivenTime => false;

    private PostgreSqlDatabase Source => _databases!.Start(ConnectionString, new PostgreSqlOptions());

    /// <summary>How services connect.</summary>
    private protected virtual string ConnectionString => _database.ConnectionString;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _database = await TestDatabase.CreateAsync();
    }

    protected override ValueTask<ISchedule> OpenScheduleAsync(TimeProvider time)
    {
        _databases ??= new PostgreSqlDatabases(time);
        return new ValueTask<ISchedule>(new RelationalSchedule(Source, Log.Messages));
    }

    // Over all partitions, positions are in the order in which the messages were released: one statement gives them.
    protected override async ValueTask<IReadOnlyList<Envelope>> ReadPublishedAsync()
    {
        var log = new RelationalMessageLog(Source);
        var messages = new List<LoggedMessage>();
        while (true)
        {
            var page = await log.ReadAsync(
                new LogQuery { After = messages.Count == 0 ? 0 : messages[^1].Position, Limit = PageSize }, TestContext.Current.CancellationToken);
            messages.AddRange(page);
            if (page.Count == 0)
                return [.. messages.Select(message => message.Envelope)];
        }
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_databases is not null)
            await _databases.DisposeAsync();
        await _database.DisposeAsync();
    }
}
