using System.Globalization;
using Carillon.Durability;
using Carillon.Relational;
using Carillon.Tests;
using Carillon.Transports;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>A transaction of a user has appended to one partition and stays open: only those wait who need that one, and those behind them.</summary>
[Trait("Guarantee", "G4")]
public sealed class ContestedAppendsTests : DatabaseTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 1_000).Select(Key).DistinctBy(PartitionOf).OrderBy(PartitionOf)];
    private int _next;

    [Fact]
    public async Task Append_ShouldKeepNobodyElseWaiting_WhenOneOfItsPartitionsIsNotFree()
    {
        var (bank, user) = (await OpenAsync(), Start());
        var shop = await OpenAsync(options => options.LockTimeout = TimeSpan.FromMilliseconds(400));
        var (stuck, free) = (Keys[9], Keys[..9]);
        Task<IReadOnlyList<SendFailure>?> waiting;
        await using (var open = await HoldAsync(user, stuck))
        {
            waiting = AppendAsync(bank, Keys);
            await Eventually.IsTrueAsync(async () => await CountWaitingAsync() == 1, what: "the one that needs it waits");
            for (var i = 0; i < 20; i++)
                await Task.WhenAll(free.Select(key => AppendAsync(shop, key)));
            await AppendAsync(bank, null, null, null);

            Assert.False(waiting.IsCompleted);
            await open.CommitAsync(Cancellation);
        }

        Assert.Null(await waiting);
        Assert.Equal((20 * 9) + 3 + 1 + Keys.Length, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
    }

    [Fact]
    [Trait("Guarantee", "G3")]
    public async Task Append_ShouldKeepTheOrderOfEachKey_WhenSomeWaitAndOthersNeedNot()
    {
        var (bank, user) = (await OpenAsync(), Start());
        var random = new Random(14);
        var appends = new List<Task>();
        foreach (var stuck in Keys[..3])
        {
            await using var open = await HoldAsync(user, stuck);
            for (var i = 0; i < 60; i++)
                appends.Add(AppendAsync(bank, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Keys[random.Next(5)])]));
            await Eventually.IsTrueAsync(() => appends.Exists(append => append.IsCompleted), what: "some need not wait");
            await open.CommitAsync(Cancellation);
        }

        await Task.WhenAll(appends);
        foreach (var key in Keys[..5])
        {
            var stored = await Database.TextAsync($"SELECT string_agg(id, ' ' ORDER BY position) FROM carillon_messages WHERE key = '{key}' AND source = 'test'");
            int[] numbers = [.. stored!.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [Fact]
    public async Task Append_ShouldFailForNowAndLetTheOthersGoOn_WhenAPartitionIsNotFreeForTooLong()
    {
        var bank = await OpenAsync(options => options.LockTimeout = TimeSpan.FromMilliseconds(50));
        await using var open = await HoldAsync(Start(), Keys[3]);

        var failure = await Assert.ThrowsAsync<StorageFailedException>(() => AppendAsync(bank, Keys[1], Keys[3]));

        Assert.Equal((ErrorCodes.StorageBusy, true, false), (failure.Code, failure.IsTransient, failure.IsOutcomeUnknown));
        await AppendAsync(bank, Keys[1]);
        Assert.Equal(1, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
    }

    [Fact]
    public async Task Append_ShouldFailAllTogether_WhenTheWholeTableIsNotFreeForTooLong()
    {
        var bank = await OpenAsync(options => options.LockTimeout = TimeSpan.FromMilliseconds(100));
        await using var connection = await Connect().OpenAsync(Cancellation);
        await using (var maintenance = await connection.BeginTransactionAsync(Cancellation))
        {
            await using var command = new NpgsqlCommand("LOCK TABLE carillon_messages", connection);
            await command.ExecuteNonQueryAsync(Cancellation);

            Task<IReadOnlyList<SendFailure>?>[] appends = [.. Enumerable.Range(0, 40).Select(number => AppendAsync(bank, Keys[number % 10]))];
            foreach (var append in appends)
                Assert.Equal(ErrorCodes.StorageBusy, (await Assert.ThrowsAsync<StorageFailedException>(() => append)).Code);
        }

        await AppendAsync(bank, Keys[0]);
    }

    [Fact]
    public async Task Append_ShouldRefuseOneAlone_WhenTheServerTakesTheOthersThatWaited()
    {
        var (bank, user) = (await OpenAsync(), Start());
        await Database.ExecuteAsync("ALTER TABLE carillon_messages ADD CONSTRAINT no_seven CHECK (id <> '7')");
        Task<IReadOnlyList<SendFailure>?>[] appends;
        await using (await HoldAsync(user, Keys[3]))
        {
            appends = [.. Enumerable.Range(0, 10).Select(_ => AppendAsync(bank, Keys[3]))];
            await Eventually.IsTrueAsync(async () => await CountWaitingAsync() == 1, what: "they wait");
        }

        await Assert.ThrowsAsync<StorageFailedException>(() => Task.WhenAll(appends));
        _ = Assert.Single(appends, append => append.IsFaulted);
        Assert.Equal(9, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
    }

    [Fact]
    public async Task TakeAll_ShouldHoldNothing_WhenItWaitsInAUnitOfWork()
    {
        var shop = await OpenAsync(options => options.LockTimeout = TimeSpan.FromMilliseconds(400));
        var user = Start();
        Task storing;
        await using var work = await new PostgreSqlUnitOfWorkStore(Start(), Log.Messages).BeginAsync(Cancellation);
        await using (var open = await HoldAsync(user, Keys[9]))
        {
            storing = work.AppendAsync([.. Keys.Select(Message)], Cancellation).AsTask();
            await Eventually.IsTrueAsync(async () => await CountWaitingAsync() == 1, what: "the unit of work waits");

            await Task.WhenAll(Keys[..9].Select(key => AppendAsync(shop, key)));

            Assert.False(storing.IsCompleted);
            await open.CommitAsync(Cancellation);
        }

        await storing;
        await work.CommitAsync(Cancellation);
        Assert.Equal(1 + 9 + Keys.Length, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
    }

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"key-{number}");

    private static int PartitionOf(string key) => Partitions.Of(key, new PostgreSqlOptions().Partitions);

    /// <summary>Appends and stays open.</summary>
    private async Task<IStoreTransaction> HoldAsync(PostgreSqlDatabase user, string key)
    {
        var transaction = await new PostgreSqlUnitOfWorkStore(user, Log.Messages).BeginAsync(Cancellation);
        await transaction.AppendAsync([Message(key) with { Source = "user" }], Cancellation);
        return transaction;
    }

    private Task<IReadOnlyList<SendFailure>?> AppendAsync(OpenDatabase database, params string?[] keys) =>
        database.WriteAsync(database.Append(Log.Messages, keys.Select(Message).ToArray(), AppendPatience.Full), Cancellation);

    private Envelope Message(string? key) => new()
    {
        Id = EventId.Parse(_next++.ToString(CultureInfo.InvariantCulture)),
        Source = "test",
        Topic = "a.b",
        Type = "a.b",
        Key = key,
        Body = "{}"u8.ToArray(),
    };

    private async Task<OpenDatabase> OpenAsync(Action<PostgreSqlOptions>? configure = null) => await Start(configure).OpenAsync(Cancellation);

    private PostgreSqlDatabase Start(Action<PostgreSqlOptions>? configure = null)
    {
        var options = new PostgreSqlOptions { LeaseTime = TimeSpan.FromMinutes(1) };
        configure?.Invoke(options);
        return StartProcess(options);
    }
}
