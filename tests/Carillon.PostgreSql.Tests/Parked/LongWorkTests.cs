using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.PostgreSql.Tests;

/// <summary>What concerns many parked messages at once is done a piece at a time, and each piece leaves all in order.</summary>
public sealed class LongWorkTests : DatabaseTests
{
    private const int Rows = 1_200;
    private const int Keys = 250;
    private static readonly HandledMessages _handles = HandledMessages.OfTypes(new HandledType("sample.happened", 1));

    [Fact]
    public async Task RetireAsync_ShouldSucceed_WhenAllTogetherTakesLongerThanACommandMay()
    {
        using var store = await OpenAsync();
        await InsertAsync(state: 1, blocks: 1);
        await Database.ExecuteAsync("UPDATE carillon_parked SET blocks = 0 WHERE position % 3 = 0");
        await SlowDownAsync("DELETE");

        await store.RetireAsync("s", Cancellation);

        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM carillon_parked"));
    }

    [Fact]
    public async Task Retire_ShouldLeaveEveryKeyItsHead_WhenItIsCutOffAfterAnyPiece()
    {
        var process = StartProcess();
        using var store = await OpenAsync(process);
        await InsertAsync(state: 1, blocks: 1);
        var database = await process.OpenAsync(Cancellation);

        while (!await database.WriteAsync(new ParkingRetirement("s", limit: 211), Cancellation))
            Assert.Equal(0, await CountMisplacedHeadsAsync());

        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM carillon_parked"));
    }

    [Fact]
    public async Task Retire_ShouldKeepTheSubscription_WhenSomethingIsLeft()
    {
        var process = StartProcess();
        using var store = await OpenAsync(process);
        await InsertAsync(state: 1, blocks: 0);
        await Database.ExecuteAsync("INSERT INTO carillon_subscriptions (name, service, created, log) VALUES ('s', 'ledger', 0, 0)");
        var database = await process.OpenAsync(Cancellation);

        var first = await database.WriteAsync(new SubscriptionRetirement("ledger", "s", limit: 700), Cancellation);
        var left = await Database.NumberAsync("SELECT count(*) FROM carillon_parked");
        var isKnown = await Database.NumberAsync("SELECT count(*) FROM carillon_subscriptions");
        var second = await database.WriteAsync(new SubscriptionRetirement("ledger", "s", limit: 700), Cancellation);

        Assert.Equal((false, true), (first.IsLast, second.IsLast));
        Assert.Null(second.Refusal);
        Assert.Equal((Rows - 700, 1), (left, isKnown));
        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM carillon_subscriptions"));
        Assert.Equal(ErrorCodes.SubscriptionNotFound, (await database.WriteAsync(new SubscriptionRetirement("ledger", "s", limit: 700), Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task ReviveAsync_ShouldCommitAPieceAtATime_WhenMuchWaits()
    {
        using var store = await OpenAsync();
        await InsertAsync(state: 0, blocks: 0);
        await Database.ExecuteAsync($"INSERT INTO carillon_parked (subscription, identity, partition, position, state, due, since, blocks, head, claimed, parked_at, rounds, key) SELECT 's', 'd' || n, '0', {Rows} + n, 1, 0, 0, 1, 1, 0, 0, 0, 'k' || n FROM generate_series(0, {Keys / 2}) n");
        var owner = (await store.TakeOverAsync("s", [new AssignedPartition("0", null)], Cancellation))[0];
        await SlowDownAsync("UPDATE");

        var reviving = store.ReviveAsync(owner, _handles, Cancellation).AsTask();
        var hasSeenSome = false;
        while (!reviving.IsCompleted && !hasSeenSome)
            hasSeenSome = await Database.NumberAsync("SELECT count(*) FROM carillon_parked WHERE state = 0 AND blocks = 0") is > 0 and < Rows;

        Assert.Empty(await reviving);
        Assert.True(hasSeenSome, "All was committed together.");
        Assert.Equal(0, await Database.NumberAsync("SELECT count(*) FROM carillon_parked WHERE state = 0 AND blocks = 0"));
        Assert.Equal(0, await CountMisplacedHeadsAsync());
    }

    private async Task<RelationalParkingStore> OpenAsync(PostgreSqlDatabase? process = null)
    {
        var store = new RelationalParkingStore(process ?? StartProcess(new PostgreSqlOptions { CommandTimeout = TimeSpan.FromSeconds(2) }));
        await store.TakeOverAsync("s", [new AssignedPartition("0", null)], Cancellation);
        return store;
    }

    private Task InsertAsync(int state, int blocks) => Database.ExecuteAsync(
        $"""
        INSERT INTO carillon_parked (subscription, identity, partition, position, state, due, since, blocks, head, claimed, parked_at, rounds, kind, topic, id, source, type, version, key)
        SELECT 's', 'i' || n, '0', {Rows} - n, {state}, 9000000000000000000, 0, {blocks}, CASE WHEN {blocks} = 0 OR n >= {Rows - Keys} THEN 1 ELSE 0 END, 0, 0, 0,
            0, 'a.b', 'i' || n, 's', 'sample.happened', 1, 'k' || (n % {Keys})
        FROM generate_series(0, {Rows - 1}) n
        """);

    // Three milliseconds and more for each row.
    private Task SlowDownAsync(string what) => Database.ExecuteAsync(
        $"""
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.003); RETURN coalesce(NEW, OLD); END';
        CREATE TRIGGER slow BEFORE {what} ON carillon_parked FOR EACH ROW EXECUTE FUNCTION slow();
        """.Replace("coalesce(NEW, OLD)", what == "DELETE" ? "OLD" : "NEW", StringComparison.Ordinal));

    private Task<long> CountMisplacedHeadsAsync() => Database.NumberAsync(
        """
        SELECT count(*) FROM carillon_parked message WHERE blocks = 1 AND head <> CASE WHEN EXISTS (
            SELECT 1 FROM carillon_parked earlier WHERE earlier.subscription = message.subscription AND earlier.partition = message.partition AND earlier.key = message.key
            AND earlier.blocks = 1 AND (earlier.position, earlier.parked) < (message.position, message.parked)) THEN 0 ELSE 1 END
        """);
}
