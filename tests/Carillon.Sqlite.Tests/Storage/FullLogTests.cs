using Carillon.Sqlite.Tests.Durability;
using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite.Tests;

/// <summary>A log that fails ends nothing: when the database and the log are back, so is the host.</summary>
public sealed class FullLogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("carillon_messages")]
    [InlineData("carillon_leases")]
    [InlineData("carillon_subscriptions")]
    [InlineData("carillon_parked")]
    [InlineData("carillon_scheduled")]
    public async Task Host_ShouldGoOn_WhenTheLogFailsWhileTheDatabaseRefuses(string table)
    {
        using var log = new FullLog();
        await using var ledger = await Ledger.OpenAsync(
            carillon =>
            {
                carillon.Services.AddLogging(logging => logging.AddProvider(log));
                carillon
                    .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
                    .On<MoneyReceived>((money, context) => Ledger.Write(context.UnitOfWork, $"{money.Account}+{money.Amount}"));
            },
            options => options.LeaseTime = options.BusyTimeout = TimeSpan.FromSeconds(1));
        await ledger.Bus.PublishAsync(new MoneyReceived("a", 1), Cancellation);
        await ledger.HasEffectsAsync(1);
        await ledger.Bus.ScheduleAsync(new MoneyReceived("b", 1), TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2), cancellation: Cancellation);

        log.IsFull = true;
        ledger.Execute($"ALTER TABLE {table} RENAME TO elsewhere");
        await Record.ExceptionAsync(() => ledger.Bus.PublishAsync(new MoneyReceived("c", 1), Cancellation).AsTask());
        await Eventually.IsTrueAsync(() => log.Refused > 0, TimeSpan.FromSeconds(60));
        ledger.Execute($"ALTER TABLE elsewhere RENAME TO {table}");
        log.IsFull = false;

        await ledger.Bus.PublishAsync(new MoneyReceived("d", 1), Cancellation);
        await Eventually.IsTrueAsync(() => ledger.Effects().Intersect(["b+1", "d+1"]).Count() == 2, TimeSpan.FromSeconds(60));
    }
}
