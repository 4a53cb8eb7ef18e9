using System.Diagnostics;
using Carillon.Durability;
using Carillon.InMemory;
using Carillon.Scheduling;
using Carillon.Tests.Durability;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Publishing;

/// <summary>
/// A unit of work is ambient where it was begun and below, never above: whoever begins one in a method that returns it is told so, before
/// anything counts as committed together that was not.
/// </summary>
public sealed class UnitsOfWorkFlowTests
{
    private readonly InMemoryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommitAsync_ShouldRefuse_WhenAnAsyncMethodBeganTheUnitOfWork()
    {
        await using var service = await StartAsync();
        await using var work = await BeginInHelperAsync(service.Bus);

        var errors = new[]
        {
            await Assert.ThrowsAsync<CarillonException>(() => work.CommitAsync(Cancellation).AsTask()),
            Assert.Throws<CarillonException>(() => work.Transaction),
            Assert.Throws<CarillonException>(() => work.Connection),
        };

        Assert.All(errors, error => Assert.Equal(ErrorCodes.UnitOfWorkNotJoined, error.Code));
        await work.DisposeAsync();
        Assert.Equal(["begin", "dispose"], _store.Steps);
    }

    [Fact]
    public async Task Messages_ShouldJoin_WhenAMethodHandsTheTaskOn()
    {
        await using var service = await StartAsync();
        using var activity = new Activity("request").Start();

        await using (var work = await HandOn(service.Bus))
        {
            await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
            await CommitInHelperAsync(work);
        }

        Assert.Equal(["begin", "append 1", "commit", "dispose"], _store.Steps);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_ShouldGoByThemselves_WhenOthersOfTheActivityWorkInUnitsOfTheirOwn(bool isUsed)
    {
        await using var service = await StartAsync();
        using var activity = new Activity("request").Start();
        var inUse = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var working = WorkAsync();
        await inUse.Task;
        await service.Bus.PublishAsync(new StepTaken("w", 2), Cancellation);
        published.SetResult();
        await working;

        Assert.Equal(["begin", "append 1", "commit", "dispose"], _store.Steps);

        async Task WorkAsync()
        {
            await using var work = await service.Bus.BeginAsync(cancellation: Cancellation);
            if (isUsed)
                await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
            inUse.SetResult();
            await published.Task;
            if (!isUsed)
                await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
            await work.CommitAsync(Cancellation);
        }
    }

    [Fact]
    public async Task DisposeAsync_ShouldLeaveTheOtherUnitOfWorkAlone_WhenItsOwnIsNotAmbient()
    {
        await using var service = await StartAsync();
        var lost = await BeginInHelperAsync(service.Bus);
        await using var work = await service.Bus.BeginAsync(cancellation: Cancellation);

        await lost.DisposeAsync();
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await work.CommitAsync(Cancellation);

        Assert.Equal(["begin", "begin", "dispose", "append 1", "commit"], _store.Steps);
    }

    private static ValueTask<IUnitOfWork> HandOn(IEventBus bus) => bus.BeginAsync(cancellation: Cancellation);

    private static async Task CommitInHelperAsync(IUnitOfWork work) => await work.CommitAsync(Cancellation);

    private static async Task<IUnitOfWork> BeginInHelperAsync(IEventBus bus)
    {
#pragma warning disable CRL0018 // The very thing.
        return await bus.BeginAsync(cancellation: Cancellation);
#pragma warning restore CRL0018
    }

    private Task<TestService> StartAsync() => TestService.StartAsync(carillon =>
    {
        carillon.UseStorePart<IUnitOfWorkStore>(services =>
            {
                _store.Broker = services.GetRequiredService<InMemoryBroker>();
                return _store;
            })
            .UseStorePart<ISchedule>(_ => _store);
    });
}
