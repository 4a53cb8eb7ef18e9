using System.Collections.Concurrent;
using Carillon.PostgreSql.Tests.Durability;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests.Faults;

/// <summary>Texts that no database can hold stop nobody: neither the worker, nor the key, nor the other messages of a batch.</summary>
public sealed class HostileTextTests : DatabaseTests
{
    /// <summary>Texts that not every store can hold. Halves of characters do not survive in an attribute.</summary>
    public static TheoryData<string> HostileTexts { get; } = ["zero \0 character", "half \ud83d of a bell", "other \udd14 half"];

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Handling_ShouldMakeADeadLetter_WhenTheExceptionHoldsATextThatCannotBeStored(string text)
    {
        var handled = new ConcurrentQueue<int>();
        await using var host = await ServiceHost.StartAsync("shop", Database.ConnectionString, carillon => carillon
            .Subscription(subscription =>
            {
                subscription.DeadLetters = DeadLetterPolicy.Skip;
                subscription.Retry(retry => retry.DoNotRetry<InvalidOperationException>());
            })
            .On<Invoiced>(invoiced =>
            {
                if (invoiced.Number == 1)
                    throw new InvalidOperationException(text);
                handled.Enqueue(invoiced.Number);
            }));

        for (var number = 0; number < 3; number++)
            await host.Bus.PublishAsync(new Invoiced("a", number), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 2, what: "the others of the key are handled");
        var letter = Assert.Single(await host.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Contains(text[..4], letter.Attempts[^1].Message, StringComparison.Ordinal);
        Assert.Empty(await host.DeadLetters.ListAsync(new DeadLetterQuery { Key = text }, Cancellation));
    }

    [Fact]
    public async Task Handling_ShouldKeepABareDeadLetter_WhenTheDatabaseRefusesWhatTheExceptionSays()
    {
        var handled = new ConcurrentQueue<int>();
        await using var host = await ServiceHost.StartAsync("shop", Database.ConnectionString, carillon => carillon
            .Subscription(subscription =>
            {
                subscription.DeadLetters = DeadLetterPolicy.Skip;
                subscription.Retry(retry => retry.DoNotRetry<InvalidOperationException>());
            })
            .On<Invoiced>(invoiced =>
            {
                if (invoiced.Number == 1)
                    throw new InvalidOperationException("a forbidden word");
                handled.Enqueue(invoiced.Number);
            }));
        await Database.ExecuteAsync("ALTER TABLE carillon_parked ADD CHECK (concat(attempts::text, reason) NOT LIKE '%forbidden%')");

        for (var number = 0; number < 3; number++)
            await host.Bus.PublishAsync(new Invoiced("a", number), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 2, what: "the others of the key are handled");
        var letter = Assert.Single(await host.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal("a", letter.Envelope.Key);
        Assert.DoesNotContain("forbidden", $"{letter.Reason} {string.Join(' ', letter.Attempts)}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishAsync_ShouldRefuseOnlyTheOne_WhenItsIdCannotBeStored()
    {
        var handled = new ConcurrentQueue<int>();
        await using var host = await ServiceHost.StartAsync("shop", Database.ConnectionString, carillon => carillon.On<Invoiced>(invoiced => handled.Enqueue(invoiced.Number)));

        var calls = Enumerable.Range(0, 20).Select(number => host.Bus.PublishAsync(
            new Invoiced($"{number}", number), new PublishOptions { Id = EventId.Parse(number == 7 ? "half \ud83d" : $"{number}") }, Cancellation).AsTask()).ToArray();

        var error = await Assert.ThrowsAsync<CarillonException>(() => calls[7]);
        Assert.Equal(ErrorCodes.InvalidPublishOptions, error.Code);
        await Task.WhenAll(calls.Where((_, number) => number != 7));
        await Eventually.IsTrueAsync(() => handled.Count == 19, what: "all others are handled");
        Assert.False(await host.Bus.CancelScheduledAsync(EventId.Parse("zero \0"), Cancellation));
    }
}
