using System.Transactions;
using Carillon.Durability;
using Carillon.InMemory;
using Carillon.Scheduling;
using Carillon.Tests.Durability;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Publishing;

/// <summary>A TransactionScope takes back what is done in it. What it could not take back is refused.</summary>
public sealed class TransactionScopeTests
{
    private static readonly Dictionary<string, Func<IEventBus, ValueTask>> _calls = new()
    {
        ["PublishAsync"] = static bus => bus.PublishAsync(new StepTaken("w", 1), Cancellation),
        ["PublishBatchAsync"] = static bus => bus.PublishBatchAsync([new StepTaken("w", 1)], cancellation: Cancellation),
        ["SendAsync"] = static bus => bus.SendAsync(new StartWalk("w"), cancellation: Cancellation),
        ["ScheduleAsync"] = static async bus => await bus.ScheduleAsync(new StepTaken("w", 1), DateTimeOffset.MaxValue, cancellation: Cancellation),
        ["ScheduleAsync when it is due"] = static async bus => await bus.ScheduleAsync(new StepTaken("w", 1), DateTimeOffset.UnixEpoch, cancellation: Cancellation),
        ["CancelScheduledAsync"] = static async bus => await bus.CancelScheduledAsync(EventId.Parse("one"), Cancellation),
    };

    private readonly InMemoryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Calls => [.. _calls.Keys.SelectMany(static call => new[] { (call, true), (call, false) })];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_ShouldBeRefused_WhenThereIsATransactionScope(string call, bool isInUnitOfWork)
    {
        await using var service = await StartAsync();
        await using var work = isInUnitOfWork ? await service.Bus.BeginAsync(cancellation: Cancellation) : null;
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var error = await Assert.ThrowsAsync<CarillonException>(() => _calls[call](service.Bus).AsTask());

            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
            Assert.Contains("TransactionScope", error.Message, StringComparison.Ordinal);
        }

        if (work is not null)
            await work.CommitAsync(Cancellation);
        Assert.DoesNotContain(_store.Steps, static step => step.StartsWith("append", StringComparison.Ordinal));
        Assert.Empty(_store.Scheduled);
    }

    [Fact]
    public async Task BeginAsync_ShouldBeRefused_WhenThereIsATransactionScope()
    {
        await using var service = await StartAsync();
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var error = await Assert.ThrowsAsync<CarillonException>(() => service.Bus.BeginAsync(cancellation: Cancellation).AsTask());
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        }

        Assert.Empty(_store.Steps);
    }

    [Fact]
    public async Task PublishOutsideAsync_ShouldPublish_WhenThereIsATransactionScope()
    {
        await using var service = await StartAsync();
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
            await service.Bus.PublishOutsideAsync(new StepTaken("w", 1), cancellation: Cancellation);
    }

    [Fact]
    public async Task PublishAsync_ShouldPublish_WhenTheTransactionScopeIsSuppressed()
    {
        await using var service = await StartAsync();
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
            await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
    }

    private Task<TestService> StartAsync() => TestService.StartAsync(carillon => carillon
        .UseStorePart<IUnitOfWorkStore>(services =>
        {
            _store.Broker = services.GetRequiredService<InMemoryBroker>();
            return _store;
        })
        .UseStorePart<ISchedule>(_ => _store));
}
