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
}
