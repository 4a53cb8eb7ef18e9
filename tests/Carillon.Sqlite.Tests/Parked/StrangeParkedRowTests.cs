using Carillon.Parking;
using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

public sealed class StrangeParkedRowTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFiles _files = new();

    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("attempts = '{'")]
    [InlineData("attempts = '[null]'")]
    [InlineData("attempts = '[{\"Number\":\"x\"}]'")]
    [InlineData("headers = '{'")]
    [InlineData("time = 'never'")]
    [InlineData("parked_at = 'then'")]
    [InlineData("code = NULL, reason = NULL")]
    [InlineData("body = 12")]
    [InlineData("type = X'FF'")]
    [InlineData("rounds = 'many'")]
    public async Task ListAsync_ShouldShowEveryLetter_WhenOneRowIsDamaged(string damage)
    {
        using var store = new RelationalParkingStore(_files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions()));
        await ParkAsync(store, [.. Enumerable.Range(1, 3).Select(Dead)]);
        Database.Execute(_folder, $"UPDATE carillon_parked SET {damage} WHERE position = 2");

        var letters = await store.ListAsync(new DeadLetterQuery(), TestContext.Current.CancellationToken);

        Assert.Equal(["1", "2", "3"], letters.Select(letter => letter.Envelope.Id.ToString()));
        await store.DiscardAsync(letters[1].Id, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ParkAsync_ShouldKeepBoth_WhenTwoMessagesHaveNoId()
    {
        using var store = new RelationalParkingStore(_files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions()));
        var broken = new Envelope { Topic = "order.created" };
        ParkedMessage[] messages = [Dead(1) with { Envelope = broken }, Dead(2) with { Envelope = broken }, Dead(0) with { Envelope = broken, Position = null }, Dead(0) with { Envelope = broken, Position = null }];

        await ParkAsync(store, messages);
        await ParkAsync(store, messages[..2]);

        Assert.Equal(4, (await store.ListAsync(new DeadLetterQuery(), TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task ClaimAsync_ShouldUseAnIndex_WhenManyMessagesWait()
    {
        using var store = new RelationalParkingStore(_files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions()));
        await ParkAsync(store, [Dead(1)]);
        var plan = Plan(new ParkingSql(SqliteDialect.Instance).Outlook);
        Assert.Contains("carillon_parked_due", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN carillon_parked", plan, StringComparison.Ordinal);
    }

    private static async Task ParkAsync(RelationalParkingStore store, ParkedMessage[] messages)
    {
        var owner = Assert.Single(await store.TakeOverAsync("inventory", [new AssignedPartition("0")], TestContext.Current.CancellationToken));
        await store.ParkAsync(owner, messages, TestContext.Current.CancellationToken);
    }

    private string Plan(string sql)
    {
        using var connection = _files.Get(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions()).OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        foreach (var name in (string[])["subscription", "partitions"])
            command.Parameters.AddWithValue("@" + name, "1");
        using var rows = command.ExecuteReader();
        var plan = new System.Text.StringBuilder();
        while (rows.Read())
            plan.AppendLine(rows.GetString(3));
        return plan.ToString();
    }

    private static ParkedMessage Dead(int number) => new()
    {
        Subscription = "inventory",
        Envelope = Messages.Event(number.ToString(System.Globalization.CultureInfo.InvariantCulture), "key"),
        Partition = "0",
        Position = number,
        State = ParkedState.Dead,
        Code = ErrorCodes.HandlerFailed,
        Reason = "it failed",
        ParkedAt = DateTimeOffset.UnixEpoch,
        Attempts = [new FailedAttempt(1, DateTimeOffset.UnixEpoch, "handler", "Error", "failed", null)],
    };
}
