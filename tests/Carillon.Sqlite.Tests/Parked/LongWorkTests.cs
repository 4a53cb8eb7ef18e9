using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>What concerns many parked messages at once is done a piece at a time, and each piece leaves all in order.</summary>
public sealed class LongWorkTests : IAsyncDisposable
{
    private const int Rows = 1_200;
    private const int Keys = 250;
    private static readonly HandledMessages _handles = HandledMessages.OfTypes(new HandledType("sample.happened", 1));
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFiles _files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task RetireAsync_ShouldCommitAPieceAtATime_WhenThereIsMuch()
    {
        using var store = await OpenAsync(Start());
        Insert(state: 1, blocks: 1);
        Database.Execute(_folder, "UPDATE carillon_parked SET blocks = 0 WHERE position % 3 = 0");
        SlowDown("DELETE");

        var retiring = store.RetireAsync("s", Cancellation).AsTask();
        var hasSeenSome = false;
        while (!retiring.IsCompleted && !hasSeenSome)
            hasSeenSome = Database.Number(_folder, "SELECT count(*) FROM carillon_parked") is > 0 and < Rows;

        await retiring;
        Assert.True(hasSeenSome, "All was committed together.");
        Assert.Equal(0, Database.Number(_folder, "SELECT count(*) FROM carillon_parked"));
    }

    [Fact]
    public async Task Retire_ShouldLeaveEveryKeyItsHead_WhenItIsCutOffAfterAnyPiece()
    {
        var file = Start();
        using var store = await OpenAsync(file);
        Insert(state: 1, blocks: 1);
        var database = await file.OpenAsync(Cancellation);

        while (!await database.WriteAsync(new ParkingRetirement("s", limit: 211), Cancellation))
            Assert.Equal(0, CountMisplacedHeads());

        Assert.Equal(0, Database.Number(_folder, "SELECT count(*) FROM carillon_parked"));
    }

    [Fact]
    public async Task ReviveAsync_ShouldCommitAPieceAtATime_WhenMuchWaits()
    {
        using var store = await OpenAsync(Start());
        Insert(state: 0, blocks: 0);
        Database.Execute(_folder, $"{Numbers(Keys / 2)} INSERT INTO carillon_parked (subscription, identity, partition, position, state, due, since, blocks, head, claimed, parked_at, rounds, key) SELECT 's', 'd' || n, '0', {Rows} + n, 1, 0, 0, 1, 1, 0, 0, 0, 'k' || n FROM numbers");
        var owner = (await store.TakeOverAsync("s", [new AssignedPartition("0", null)], Cancellation))[0];
        SlowDown("UPDATE");

        var reviving = store.ReviveAsync(owner, _handles, Cancellation).AsTask();
        var hasSeenSome = false;
        while (!reviving.IsCompleted && !hasSeenSome)
            hasSeenSome = Database.Number(_folder, "SELECT count(*) FROM carillon_parked WHERE state = 0 AND blocks = 0") is > 0 and < Rows;

        Assert.Empty(await reviving);
        Assert.True(hasSeenSome, "All was committed together.");
        Assert.Equal(0, Database.Number(_folder, "SELECT count(*) FROM carillon_parked WHERE state = 0 AND blocks = 0"));
        Assert.Equal(0, CountMisplacedHeads());
    }

    private static string Numbers(int count) => $"WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count - 1})";

    private SqliteFile Start() => _files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions());

    private static async Task<RelationalParkingStore> OpenAsync(IDatabaseSource file)
    {
        var store = new RelationalParkingStore(file);
        await store.TakeOverAsync("s", [new AssignedPartition("0", null)], Cancellation);
        return store;
    }

    private void Insert(int state, int blocks) => Database.Execute(_folder,
        $"""
        {Numbers(Rows)}
        INSERT INTO carillon_parked (subscription, identity, partition, position, state, due, since, blocks, head, claimed, parked_at, rounds, kind, topic, id, source, type, version, key)
        SELECT 's', 'i' || n, '0', {Rows} - n, {state}, 9000000000000000000, 0, {blocks}, CASE WHEN {blocks} = 0 OR n >= {Rows - Keys} THEN 1 ELSE 0 END, 0, 0, 0,
            0, 'a.b', 'i' || n, 's', 'sample.happened', 1, 'k' || (n % {Keys})
        FROM numbers
        """);

    // For each row, as long as it takes to count to some thousands.
    private void SlowDown(string what) => Database.Execute(_folder,
        $"CREATE TRIGGER slow AFTER {what} ON carillon_parked BEGIN SELECT (WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 2000) SELECT count(*) FROM counted); END");

    private long CountMisplacedHeads() => Database.Number(_folder,
        """
        SELECT count(*) FROM carillon_parked message WHERE blocks = 1 AND head <> CASE WHEN EXISTS (
            SELECT 1 FROM carillon_parked earlier WHERE earlier.subscription = message.subscription AND earlier.partition = message.partition AND earlier.key = message.key
            AND earlier.blocks = 1 AND (earlier.position, earlier.parked) < (message.position, message.parked)) THEN 0 ELSE 1 END
        """);
}
