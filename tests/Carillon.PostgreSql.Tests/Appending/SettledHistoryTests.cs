using System.Globalization;
using System.Text;
using Carillon.Relational;
using Carillon.Transports;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>The history, which reads over all partitions, leaves nothing out, whatever commits late.</summary>
public sealed class SettledHistoryTests : DatabaseTests
{
    private const string Table = "carillon_messages";
    private const string AdvisoryLocksSql =
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private readonly PostgreSqlDatabases _databases = new();

    public override async ValueTask DisposeAsync()
    {
        await _databases.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Find_ShouldWaitForALowerPosition_WhenTheHigherOneIsOfAnOlderTransaction()
    {
        var database = await OpenAsync();
        await using var older = await database.Connections.OpenAsync(Cancellation);
        await using var olderTransaction = await older.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(older, "SELECT pg_current_xact_id()");
        await using var younger = await database.Connections.OpenAsync(Cancellation);
        await using var youngerTransaction = await younger.BeginTransactionAsync(Cancellation);
        await InsertAsync(younger, 0);
        await InsertAsync(older, 1);
        await CheckedCommit.RunAsync(older, Cancellation);

        // Position 1 is still open; by the numbers of transactions alone, position 2 could be read and position 1 never.
        Assert.Equal(0, await database.FindSettledAsync(Cancellation));
        var reading = database.FindSettledAsync(Cancellation).AsTask();
        await CheckedCommit.RunAsync(younger, Cancellation);

        await reading;
        Assert.Equal(2, await database.FindSettledAsync(Cancellation));
        Assert.Equal(0, await Database.NumberAsync(AdvisoryLocksSql));
    }

    [Fact]
    public async Task Find_ShouldWaitForNobody_WhenALongTransactionAppendsNothing()
    {
        var database = await OpenAsync();
        await using var idle = await database.Connections.OpenAsync(Cancellation);
        await using var open = await idle.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(idle, "SELECT pg_current_xact_id()");
        await AppendAsync(database, "only");

        Assert.Equal(1, await database.FindSettledAsync(Cancellation));
    }

    [Fact]
    public async Task Find_ShouldTakeNoLockAndWaitForNone_WhenATransactionThatHasAppendedStaysOpen()
    {
        var database = await OpenAsync();
        await InsertAloneAsync(database, 4);
        await using var open = await database.Connections.OpenAsync(Cancellation);
        await using var transaction = await open.BeginTransactionAsync(Cancellation);
        await InsertAsync(open, 4);
        await InsertAloneAsync(database, 5);
        var locks = new HashSet<long>();

        for (var finding = database.FindSettledAsync(Cancellation).AsTask(); !finding.IsCompleted;)
            locks.Add(await Database.NumberAsync(AdvisoryLocksSql));

        Assert.Equal([1], locks);
    }

    [Fact]
    public async Task Find_ShouldSayWhatIsSettledBeforeIt_WhenATransactionThatHasAppendedStaysOpen()
    {
        var database = await OpenAsync();
        foreach (var partition in (int[])[4, 5, 4, 5])
            await InsertAloneAsync(database, partition);
        await using var open = await database.Connections.OpenAsync(Cancellation);
        await using var transaction = await open.BeginTransactionAsync(Cancellation);
        await InsertAsync(open, 4);
        await InsertAloneAsync(database, 5);

        Assert.Equal(3, await database.FindSettledAsync(Cancellation));

        await CheckedCommit.RunAsync(open, Cancellation);
        Assert.Equal(6, await database.FindSettledAsync(Cancellation));
    }

    [Fact]
    public async Task Publish_ShouldWaitForNobody_WhenTheHistoryIsReadWhileATransactionThatHasAppendedStaysOpen()
    {
        const int Publishes = 200;
        var database = await OpenAsync();
        var log = new RelationalMessageLog(_databases.Start(Database.ConnectionString, new PostgreSqlOptions()));
        await using var open = await database.Connections.OpenAsync(Cancellation);
        await using var transaction = await open.BeginTransactionAsync(Cancellation);
        await InsertAsync(open, database.Partitions - 1);
        await InsertAloneAsync(database, 0);
        using var enough = new CancellationTokenSource();
        var reads = 0;
        var reading = ReadAsync(log, () => Interlocked.Increment(ref reads), enough.Token);

        // One after the other, so that none waits for another one: whoever waits here waits for a reader, or is one.
        var published = 1;
        for (; published < Publishes || Volatile.Read(ref reads) < 3; published++)
        {
            await InsertAloneAsync(database, published % (database.Partitions - 1));
            Assert.Equal(0, await CountWaitingAsync());
        }

        await enough.CancelAsync();
        await reading;
        await CheckedCommit.RunAsync(open, Cancellation);
        Assert.Equal(published + 1, await database.FindSettledAsync(Cancellation));
    }

    [Fact]
    public async Task Read_ShouldLeaveNothingOut_WhenManyAppendToAllPartitions()
    {
        const int Writers = 8;
        const int Each = 40;
        var database = await OpenAsync();
        var log = new RelationalMessageLog(_databases.Start(Database.ConnectionString, new PostgreSqlOptions()));
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++)
                await InsertAloneAsync(database, (writer + (i * 3)) % database.Partitions);
        }));

        var (found, last) = (0, 0L);
        for (var isLast = false; !isLast;)
        {
            isLast = writing.IsCompleted;
            for (var page = await PageAsync(log, last); page.Count > 0; page = await PageAsync(log, last))
                (found, last) = (found + page.Count, page[^1].Position);
        }

        await writing;
        Assert.Equal(Writers * Each, found);
    }

    private async Task<OpenDatabase> OpenAsync() => await _databases.Start(Database.ConnectionString, new PostgreSqlOptions()).OpenAsync(Cancellation);

    private static async Task<IReadOnlyList<LoggedMessage>> PageAsync(RelationalMessageLog log, long after) =>
        await log.ReadAsync(new LogQuery { After = after, Limit = 50 }, Cancellation);

    private static async Task ReadAsync(RelationalMessageLog log, Action read, CancellationToken enough)
    {
        for (; !enough.IsCancellationRequested; read())
            await PageAsync(log, after: 0);
    }

    private static async Task AppendAsync(OpenDatabase database, string id) => await database.WriteAsync(
        database.Append(Log.Messages, new[] { new Envelope { Id = EventId.Parse(id), Topic = "a.b", Body = Encoding.UTF8.GetBytes("{}") } }, AppendPatience.Full), Cancellation);

    private static async Task InsertAloneAsync(OpenDatabase database, int partition)
    {
        await using var connection = await database.Connections.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await InsertAsync(connection, partition);
        await CheckedCommit.RunAsync(connection, Cancellation);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, int partition)
    {
        await new AppendOrder(connection, AdvisoryLocks.Partitions("public", Table)).TakeAllAsync(PartitionSet.None.With(partition), longestPause: null, Cancellation);
        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO public.carillon_messages (partition) VALUES ({partition})"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
