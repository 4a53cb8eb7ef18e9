using System.Collections.Concurrent;
using Carillon.Durability;
using Carillon.Relational;
using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>Readers follow the order of commits: they wait for nobody who has not appended, and pass nobody who has.</summary>
public sealed class CommitOrderTests : DatabaseTests
{
    private readonly ConcurrentQueue<Moved> _handled = new();

    [Fact]
    [Trait("Guarantee", "G6")]
    public async Task Delivery_ShouldNotStandStill_WhenSomebodyLeavesAnUnrelatedTransactionOpen()
    {
        await using var ledger = await ServiceHost.StartAsync("ledger", Database.ConnectionString, Record);
        await Database.ExecuteAsync("CREATE TABLE theirs (number bigint)");
        await using var stranger = new NpgsqlConnection(Database.ConnectionString);
        await stranger.OpenAsync(Cancellation);
        await using var open = await stranger.BeginTransactionAsync(Cancellation);
        await using (var write = new NpgsqlCommand("INSERT INTO theirs VALUES (1)", stranger))
            await write.ExecuteNonQueryAsync(Cancellation);

        for (var version = 1; version <= 20; version++)
            await ledger.Bus.PublishAsync(new Moved("a", version), Cancellation);

        await Eventually.IsTrueAsync(() => _handled.Count == 20, what: "everything is handled while the transaction is open");
        Assert.Equal(Enumerable.Range(1, 20), _handled.Select(moved => (int)moved.Version));
    }

    [Fact]
    [Trait("Guarantee", "G3")]
    public async Task Delivery_ShouldWaitInOnePartitionOnly_WhenATransactionHasAppendedAndStaysOpen()
    {
        var (waits, flows) = TwoKeys();
        await using var bank = await ServiceHost.StartAsync("bank", Database.ConnectionString, _ => { });
        await using var shop = await ServiceHost.StartAsync("shop", Database.ConnectionString, _ => { });
        await using var ledger = await ServiceHost.StartAsync("ledger", Database.ConnectionString, Record);
        Task later;
        await using (var open = await AppendAsync(bank, new Moved(waits, 1)))
        {
            later = bank.Bus.PublishAsync(new Moved(waits, 2), Cancellation).AsTask();
            await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1, what: "the next one waits");
            for (var version = 1; version <= 10; version++)
                await shop.Bus.PublishAsync(new Moved(flows, version), Cancellation);
            await Eventually.IsTrueAsync(() => _handled.Count == 10, what: "the other partition flows");
            Assert.False(later.IsCompleted);
            Assert.All(_handled, moved => Assert.Equal(flows, moved.Account));
            await open.CommitAsync(Cancellation);
        }

        await later;
        await Eventually.IsTrueAsync(() => _handled.Count == 12, what: "what waited is handled");
        Assert.Equal([1, 2], _handled.Where(moved => moved.Account == waits).Select(moved => moved.Version));
    }

    [Fact]
    public async Task PublishAsync_ShouldSayWhoHoldsItUp_WhenATransactionHasAppendedAndStaysOpen()
    {
        await using var bank = await ServiceHost.StartAsync("bank", Database.ConnectionString, _ => { }, Impatient);
        await using var open = await AppendAsync(bank, new Moved("a", 1));

        var alone = await Assert.ThrowsAsync<PublishFailedException>(() => bank.Bus.PublishAsync(new Moved("a", 2), Cancellation).AsTask());
        var inUnit = await Assert.ThrowsAsync<PublishFailedException>(async () =>
        {
            await using var work = await bank.Bus.BeginAsync(cancellation: Cancellation);
            await bank.Bus.PublishAsync(new Moved("a", 3), Cancellation);
            await work.CommitAsync(Cancellation);
        });

        Assert.All([alone, inUnit], failure =>
        {
            Assert.False(failure.IsOutcomeUnknown);
            Assert.Contains("pg_stat_activity", failure.Message, StringComparison.Ordinal);
        });
        await open.CommitAsync(Cancellation);
        await bank.Bus.PublishAsync(new Moved("a", 4), Cancellation);
        Assert.Equal(2, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
    }

    [Fact]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G3")]
    public async Task Delivery_ShouldFollowTheOrderOfCommits_WhenManyTransactionsAreInterleaved()
    {
        const int Writers = 6;
        const int Each = 12;
        await using var server = await PostgreSqlAddress.CreateServerAsync("track_commit_timestamp=on");
        await using var database = await TestDatabase.CreateAsync(server.ConnectionString);
        await using var bank = await ServiceHost.StartAsync("bank", database.ConnectionString, _ => { });
        await using var one = await ServiceHost.StartAsync("ledger", database.ConnectionString, Record);
        await using var two = await ServiceHost.StartAsync("ledger", database.ConnectionString, Record);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(bank, writer, Each)));

        var stored = await database.NumberAsync("SELECT count(*) FROM carillon_messages");
        await Eventually.IsTrueAsync(() => _handled.Distinct().Count() >= stored, TimeSpan.FromSeconds(60), "everything committed is handled");

        const string ByCommit = "SELECT string_agg(convert_from(body, 'UTF8'), ';' ORDER BY pg_xact_commit_timestamp(xmin), position) FROM carillon_messages WHERE key = 'key-{0}'";
        for (var key = 0; key < 4; key++)
        {
            var committed = (await database.TextAsync(ByCommit.Replace("{0}", $"{key}", StringComparison.Ordinal)))!.Split(';').Select(VersionIn);
            Assert.Equal(committed, _handled.Distinct().Where(moved => moved.Account == $"key-{key}").Select(moved => moved.Version));
        }
    }

    private static void Impatient(PostgreSqlOptions postgres)
    {
        postgres.LockTimeout = TimeSpan.FromMilliseconds(100);
        postgres.LeaseTime = TimeSpan.FromMinutes(1);
    }

    /// <summary>Two keys whose partitions differ.</summary>
    private static (string One, string Other) TwoKeys()
    {
        var partitions = new PostgreSqlOptions().Partitions;
        var other = Enumerable.Range(0, 100).Select(number => $"other-{number}").First(key => Transports.Partitions.Of(key, partitions) != Transports.Partitions.Of("one", partitions));
        return ("one", other);
    }

    private static long VersionIn(string body)
    {
        using var json = System.Text.Json.JsonDocument.Parse(body);
        return json.RootElement.GetProperty("version").GetInt64();
    }

    /// <summary>Appends and stays open, as a process does that stops between its append and its commit.</summary>
    private static async Task<IStoreTransaction> AppendAsync(ServiceHost host, params Moved[] messages)
    {
        var transaction = await new PostgreSqlUnitOfWorkStore(host.Database, Log.Messages).BeginAsync(Cancellation);
        await transaction.AppendAsync([.. messages.Select(moved => new Envelope
        {
            Id = EventId.Parse(Guid.NewGuid().ToString()),
            Source = "test",
            Type = "traffic.moved",
            Version = 1,
            Topic = "traffic.moved",
            Key = moved.Account,
            Time = TimeProvider.System.GetUtcNow(),
            ContentType = "application/json",
            Body = System.Text.Encoding.UTF8.GetBytes($$"""{"account":"{{moved.Account}}","version":{{moved.Version}}}"""),
        })], Cancellation);
        return transaction;
    }

    /// <summary>Transactions that append to a few keys, pause on the server, and then commit or roll back.</summary>
    private static async Task WriteAsync(ServiceHost host, int writer, int count)
    {
        var random = new Random(writer);
        for (var i = 0; i < count; i++)
        {
            var version = (writer * 1_000) + i;
            var keys = Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).DefaultIfEmpty(0).Select(key => $"key-{key}");
            await using var open = await AppendAsync(host, [.. keys.Select(key => new Moved(key, version))]);
            await using var pause = new NpgsqlCommand("SELECT pg_sleep(@seconds)", (NpgsqlConnection)open.Transaction.Connection!, (NpgsqlTransaction)open.Transaction)
            {
                Parameters = { new("seconds", random.NextDouble() * 0.03) },
            };
            await pause.ExecuteNonQueryAsync(Cancellation);
            if (random.Next(8) > 0)
                await open.CommitAsync(Cancellation);
        }
    }

    private void Record(ICarillonBuilder carillon) => carillon.On<Moved>(_handled.Enqueue);
}
