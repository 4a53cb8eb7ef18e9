using System.Collections.Concurrent;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>Rows that no publisher of ours has written: each becomes a dead letter with a code, and the rest goes on.</summary>
public sealed class StrangeRowTests : DatabaseTests
{
    [Theory]
    [InlineData("id, source, type, version, body", "'1', 'them', 'traffic.moved', 1, 'no JSON'::bytea", ErrorCodes.MalformedBody)]
    [InlineData("id, source, type, version, body", "'1', 'them', 'traffic.moved', 1, '\\xff00c328'::bytea", null)]
    [InlineData("id, source, type, version, body", "'1', 'them', 'nobody.knows', 1, '{}'::bytea", null)]
    [InlineData("id", "NULL", null)]
    [InlineData("id, source, type, version, body, time", "'1', 'them', 'traffic.moved', 1, '{}'::bytea, 'yesterday'", ErrorCodes.InvalidAttribute)]
    [InlineData("id, source, type, version, body, headers", "'1', 'them', 'traffic.moved', 1, '{}'::bytea, '{'", ErrorCodes.HeaderLimit)]
    [InlineData("id, source, type, version, body", "'1', 'them', 'traffic.moved', 99999999999, '{}'::bytea", ErrorCodes.InvalidAttribute)]
    [Trait("Guarantee", "G5")]
    [Trait("Guarantee", "G6")]
    public async Task Row_ShouldBecomeADeadLetter_WhenItCannotBeRead(string columns, string values, string? code)
    {
        var handled = new ConcurrentQueue<long>();
        await using var host = await ServiceHost.StartAsync("ledger", Database.ConnectionString, carillon => carillon
            .Subscription(subscription => subscription.UnhandledRetention = TimeSpan.Zero)
            .On<Moved>(moved => handled.Enqueue(moved.Version)));
        await Database.ExecuteAsync($"INSERT INTO carillon_messages (partition, topic, {columns}) VALUES (0, 'traffic.moved', {values})");
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);

        await Eventually.IsTrueAsync(() => !handled.IsEmpty, what: "the message behind it is handled");
        DeadLetter? dead = null;
        await Eventually.IsTrueAsync(async () => (dead = (await host.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).SingleOrDefault()) is not null, what: "the row is a dead letter");
        Assert.False(string.IsNullOrEmpty(dead!.Code));
        if (code is not null)
            Assert.Equal(code, dead.Code);
    }

    [Theory]
    [InlineData("key")]
    [InlineData("id")]
    [InlineData("source")]
    [Trait("Guarantee", "G5")]
    [Trait("Guarantee", "G6")]
    public async Task Row_ShouldBecomeADeadLetter_WhenANameIsLongerThanAnIndexHolds(string column)
    {
        const int rows = 4;
        const string text = "(SELECT string_agg(chr(19968 + (random() * 20000)::int), '') || n FROM generate_series(1, 3840) AS letters WHERE n = n)";
        var handled = new ConcurrentQueue<long>();
        await using var host = await ServiceHost.StartAsync("ledger", Database.ConnectionString, carillon => carillon
            .Subscription(subscription => subscription.Concurrency = 2)
            .On<Moved>(moved => handled.Enqueue(moved.Version)));
        await Database.ExecuteAsync(
            $$"""
            INSERT INTO carillon_messages (partition, topic, type, version, body, id, source, key)
            SELECT 0, 'traffic.moved', 'traffic.moved', 1, '{"account":"a","version":1}'::bytea, {{(column == "id" ? text : "'m' || n")}}, {{(column == "source" ? text : "'them'")}}, {{(column == "key" ? text : "'k' || n")}}
            FROM generate_series(1, {{rows}}) AS n
            """);
        await host.Bus.PublishAsync(new Moved("a", 1), Cancellation);

        IReadOnlyList<DeadLetter> dead = [];
        await Eventually.IsTrueAsync(() => !handled.IsEmpty, what: "the message behind them is handled");
        await Eventually.IsTrueAsync(async () => (dead = await host.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count == rows, what: "the rows are dead letters");
        Assert.All(dead, letter => Assert.True((column == "key" ? letter.Envelope.Key : column == "id" ? letter.Envelope.Id.ToString() : letter.Envelope.Source)!.Length > 3_840));
        await host.DeadLetters.ReplayAsync(dead[0].Id, Cancellation);
        await Eventually.IsTrueAsync(async () => await host.DeadLetters.FindAsync(dead[0].Id, Cancellation) is not null, what: "what was replayed is a dead letter again");
        foreach (var letter in dead)
            await host.DeadLetters.DiscardAsync(letter.Id, Cancellation);
        Assert.Equal(0, await host.DeadLetters.CountAsync(new DeadLetterQuery(), Cancellation));
    }
}
