using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>An instance loses its lease while a handler runs, as after a long pause: another one takes over, and there is one effect.</summary>
public sealed class ExpiredLeaseTests : DatabaseTests
{
    [Fact]
    [Trait("Guarantee", "G2")]
    [Trait("Guarantee", "G3")]
    public async Task Handling_ShouldHaveOneEffect_WhenTheLeaseExpiresWhileTheHandlerRuns()
    {
        await Database.ExecuteAsync("CREATE TABLE effects (version bigint NOT NULL)");
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isSecondInside = false;
        await using var first = await StartAsync(async () =>
        {
            inside.TrySetResult();
            await goOn.Task;
        });
        await first.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        await inside.Task.WaitAsync(Cancellation);
        var old = await Database.TextAsync("SELECT min(instance) FROM carillon_instances");
        await using var second = await StartAsync(() =>
        {
            isSecondInside = true;
            return Task.CompletedTask;
        });

        // What a paused process finds: it was not heard of in time, and whoever looked first took everything.
        await Database.ExecuteAsync($"DELETE FROM carillon_instances WHERE instance = '{old}'; UPDATE carillon_leases SET owner = NULL, fence = fence + 1 WHERE owner = '{old}'");
        await second.Bus.PublishAsync(new Moved("a", 2), Cancellation);
        await Eventually.IsTrueAsync(async () => isSecondInside || await Database.NumberAsync("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0, what: "somebody else has the message too");
        goOn.SetResult();

        const string Versions = "SELECT string_agg(version::text, ' ' ORDER BY ctid) FROM effects";
        await Eventually.IsTrueAsync(async () => (await Database.TextAsync(Versions))?.Contains('2') == true, TimeSpan.FromSeconds(40), "the second one is handled");
        Assert.Equal("1 2", await Database.TextAsync(Versions));
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM carillon_parked") == 0, what: "nothing is left over");
    }

    private Task<ServiceHost> StartAsync(Func<Task> wait) => ServiceHost.StartAsync("ledger", Database.ConnectionString, carillon => carillon
        .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
        .On<Moved>(async (moved, context) =>
        {
            await using var command = new NpgsqlCommand("INSERT INTO effects (version) VALUES (@version)",
                (NpgsqlConnection)context.UnitOfWork.Connection, (NpgsqlTransaction)context.UnitOfWork.Transaction)
            {
                Parameters = { new("version", moved.Version) },
            };
            await command.ExecuteNonQueryAsync();
            await wait();
        }));
}
