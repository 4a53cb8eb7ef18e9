using System.Collections.Concurrent;
using Carillon.Sqlite.Tests.Durability;
using Carillon.Tests;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests.DeadLetters;

/// <summary>What the database refuses for its content stops nobody: neither the worker, nor the key.</summary>
public sealed class RefusedTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handling_ShouldKeepABareDeadLetter_WhenTheDatabaseRefusesWhatTheExceptionSays()
    {
        var handled = new ConcurrentQueue<int>();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("ledger", carillon => carillon.UseSqlite(_folder.ConnectionString)
            .Subscription(subscription =>
            {
                subscription.DeadLetters = DeadLetterPolicy.Skip;
                subscription.Retry(retry => retry.DoNotRetry<InvalidOperationException>());
            })
            .On<MoneyReceived>(money =>
            {
                if (money.Amount == 1)
                    throw new InvalidOperationException("a forbidden word");
                handled.Enqueue(money.Amount);
            }));
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        Refuse("forbidden");

        for (var amount = 0; amount < 3; amount++)
            await host.Services.GetRequiredService<IEventBus>().PublishAsync(new MoneyReceived("a", amount), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 2, what: "the others of the key are handled");
        var letter = Assert.Single(await host.Services.GetRequiredService<IDeadLetters>().ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal("a", letter.Envelope.Key);
        Assert.DoesNotContain("forbidden", $"{letter.Reason} {string.Join(' ', letter.Attempts)}", StringComparison.Ordinal);
        await host.StopAsync(Cancellation);
    }

    public void Dispose() => _folder.Dispose();

    private void Refuse(string word)
    {
        using var connection = new SqliteConnection(_folder.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            CREATE TRIGGER refused BEFORE INSERT ON carillon_parked WHEN concat(NEW.attempts, NEW.reason) LIKE '%{word}%'
            BEGIN SELECT RAISE(ABORT, 'this word is not allowed'); END
            """;
        command.ExecuteNonQuery();
    }
}
