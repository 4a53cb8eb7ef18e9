using Carillon.Durability;
using Carillon.Relational;
using Carillon.Scheduling;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>Whoever waits on its thread for what is stored needs no other thread for it: there is none when all of the pool wait like that.</summary>
public sealed class BlockingCallTests : DatabaseTests
{
    private readonly PostgreSqlDatabases _databases = new();

    public override async ValueTask DisposeAsync()
    {
        await _databases.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Join_ShouldBeCompleteAtOnce_WhenTheCallingThreadWaits()
    {
        var source = _databases.Start(Database.ConnectionString, new PostgreSqlOptions());
        await source.OpenAsync(Cancellation);
        await using var connection = await source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        var store = new PostgreSqlUnitOfWorkStore(source, Log.Messages);
        var steps = new List<bool>();

        BlockingCall.Run(() => StoreAsync(store, transaction, steps));

        Assert.Equal([true, true, true, true, true], steps);
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(1, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
        Assert.False(BlockingCall.IsCurrent);
    }

    private static async ValueTask StoreAsync(PostgreSqlUnitOfWorkStore store, NpgsqlTransaction transaction, List<bool> steps)
    {
        var message = new Envelope { Id = EventId.Parse("1"), Source = "/services/orders", Topic = "a.b", Type = "a.b", Key = "k", Body = "{}"u8.ToArray() };
        var joining = store.JoinAsync(transaction, Cancellation);
        steps.Add(joining.IsCompleted);
        await using var joined = await joining;
        var scheduling = joined.ScheduleAsync([new ScheduledMessage(message, DateTimeOffset.UnixEpoch)], Cancellation);
        steps.Add(scheduling.IsCompleted);
        await scheduling;
        var cancelling = joined.CancelScheduledAsync(message.Source!, message.Id, Cancellation);
        steps.Add(cancelling.IsCompleted);
        steps.Add(await cancelling);
        var appending = joined.AppendAsync([message], Cancellation);
        steps.Add(appending.IsCompleted);
        await appending;
    }
}
