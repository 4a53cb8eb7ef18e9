using Carillon.Durability;
using Carillon.InMemory;
using Carillon.Publishing;
using Carillon.Scheduling;
using Carillon.Tests.Durability;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Publishing;

/// <summary>Which messages join a unit of work, which stay outside, and what is refused.</summary>
public sealed class UnitsOfWorkTests
{
    private readonly InMemoryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_ShouldJoin_WhenTheyArePublishedInAUnitOfWork()
    {
        await using var service = await StartAsync();

        await using (var work = await service.Bus.BeginAsync(cancellation: Cancellation))
        {
            await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
            await service.Bus.PublishBatchAsync([new StepTaken("w", 2), new StepTaken("w", 3)], cancellation: Cancellation);
            await service.Bus.ScheduleAsync(new StepTaken("w", 4), DateTimeOffset.UnixEpoch, cancellation: Cancellation);
            await service.Bus.ScheduleAsync(new StepTaken("w", 5), DateTimeOffset.MaxValue, cancellation: Cancellation);
            Assert.Empty(_store.Scheduled);
            await work.CommitAsync(Cancellation);
        }

        Assert.Equal(["begin", "schedule 1", "append 4", "commit", "dispose"], _store.Steps);
        Assert.Single(_store.Scheduled);
    }

    [Fact]
    public async Task Messages_ShouldGoByThemselves_WhenTheUnitOfWorkIsOver()
    {
        await using var service = await StartAsync();
        var work = await service.Bus.BeginAsync(cancellation: Cancellation);
        await work.DisposeAsync();

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        var id = await service.Bus.ScheduleAsync(new StepTaken("w", 2), DateTimeOffset.MaxValue, cancellation: Cancellation);
        var second = await service.Bus.BeginAsync(cancellation: Cancellation);
        await second.DisposeAsync();

        Assert.Equal(["begin", "dispose", "begin", "dispose"], _store.Steps);
        Assert.Equal([id], _store.Scheduled);
    }

    [Fact]
    public async Task BeginAsync_ShouldLeaveNothingInTheFlow_WhenTheStoreRefusesAgainAndAgain()
    {
        await using var service = await StartAsync();
        _store.Before = static step => _ = step == "begin" ? throw new IOException("the database is away") : 0;
        for (var i = 0; i < 100; i++)
        {
            // Begun here and not in a method of its own, whose flow would end with it.
            var beginning = service.Bus.BeginAsync(cancellation: Cancellation).AsTask();
            await Assert.ThrowsAsync<IOException>(() => beginning);
        }

        var entered = 0;
        for (var scope = AmbientContext.Entered; scope is AmbientHolder holder; scope = holder.Around)
            entered++;
        Assert.Equal(1, entered);
    }

    [Fact]
    public async Task BeginAsync_ShouldBeRefused_WhenTheHostHasStopped()
    {
        await using var service = await StartAsync();
        await service.StopAsync();

        var refused = await Assert.ThrowsAsync<CarillonException>(async () => await service.Bus.BeginAsync(cancellation: Cancellation));

        Assert.Equal(ErrorCodes.BusNotRunning, refused.Code);
        Assert.Empty(_store.Steps);
    }

    [Fact]
    public async Task PublishAsync_ShouldBeRefused_WhenTheHostHasStoppedSinceTheUnitOfWorkBegan()
    {
        await using var service = await StartAsync();
        await using var work = await service.Bus.BeginAsync(cancellation: Cancellation);
        await service.StopAsync();

        var refused = await Assert.ThrowsAsync<CarillonException>(async () => await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation));

        Assert.Equal(ErrorCodes.BusNotRunning, refused.Code);
    }

    [Fact]
    public async Task BeginAsync_ShouldWorkOnTheCallersConnection_WhenOneIsGiven()
    {
        await using var service = await StartAsync();
        await using var connection = new TestConnection();

        await using var work = await service.Bus.BeginAsync(connection, Cancellation);

        Assert.Same(connection, work.Connection);
    }

    [Fact]
    public async Task BeginAsync_ShouldRefuse_WhenThereIsAUnitOfWorkAlready()
    {
        await using var service = await StartAsync();
        await using var work = await service.Bus.BeginAsync(cancellation: Cancellation);

        var error = await Assert.ThrowsAsync<CarillonException>(() => service.Bus.BeginAsync(cancellation: Cancellation).AsTask());
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await work.CommitAsync(Cancellation);

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        Assert.Equal(["begin", "append 1", "commit"], _store.Steps);
    }

    [Fact]
    public async Task BeginAsync_ShouldRefuse_WhenTheServiceHasNoStore()
    {
        await using var service = await TestService.StartAsync(static (ICarillonBuilder _) => { });

        var error = await Assert.ThrowsAsync<CarillonException>(() => service.Bus.BeginAsync(cancellation: Cancellation).AsTask());

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        Assert.Contains("no store", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BeginAsync_ShouldLeaveTheCallerOutside_WhenTheStoreFails()
    {
        await using var service = await StartAsync();
        _store.Before = static _ => throw new IOException("the store is away");
        await Assert.ThrowsAsync<IOException>(() => service.Bus.BeginAsync(cancellation: Cancellation).AsTask());
        _store.Before = static _ => { };

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        Assert.Empty(_store.Steps);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PublishOutsideAsync_ShouldBeRefusedInAUnitOfWork_WhenThatHoldsTheTransport(bool holds)
    {
        _store.HoldsTransport = holds;
        await using var service = await StartAsync();
        await service.Bus.PublishOutsideAsync(new StepTaken("w", 0), cancellation: Cancellation);
        await using var work = await service.Bus.BeginAsync(cancellation: Cancellation);

        var error = await Record.ExceptionAsync(() => service.Bus.PublishOutsideAsync(new StepTaken("w", 1), cancellation: Cancellation).AsTask());
        await work.CommitAsync(Cancellation);

        Assert.Equal(holds ? ErrorCodes.InvalidUnitOfWork : null, (error as CarillonException)?.Code);
        Assert.Equal(["begin", "commit"], _store.Steps);
    }

    [Fact]
    public async Task Messages_ShouldBeRefusedOutside_WhenAUnitOfWorkIsDemanded()
    {
        await using var service = await StartAsync(options => options.RequireUnitOfWork = true);

        var errors = new[]
        {
            await Assert.ThrowsAsync<CarillonException>(() => service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation).AsTask()),
            await Assert.ThrowsAsync<CarillonException>(() => service.Bus.PublishBatchAsync([new StepTaken("w", 1)], cancellation: Cancellation).AsTask()),
            await Assert.ThrowsAsync<CarillonException>(
                () => service.Bus.ScheduleAsync(new StepTaken("w", 1), DateTimeOffset.MaxValue, cancellation: Cancellation).AsTask()),
        };
        await service.Bus.PublishOutsideAsync(new StepTaken("w", 1), cancellation: Cancellation);
        await using var work = await service.Bus.BeginAsync(cancellation: Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        Assert.All(errors, error => Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code));
        Assert.Empty(_store.Scheduled);
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldGoWithTheCommit_WhenItIsCalledInAUnitOfWork()
    {
        await using var service = await StartAsync();
        var id = await service.Bus.ScheduleAsync(new StepTaken("w", 1), DateTimeOffset.MaxValue, cancellation: Cancellation);

        await using (var work = await service.Bus.BeginAsync(cancellation: Cancellation))
        {
            Assert.True(await service.Bus.CancelScheduledAsync(id, Cancellation));
            Assert.Single(_store.Scheduled);
            await work.CommitAsync(Cancellation);
        }

        Assert.Empty(_store.Scheduled);
        Assert.False(await service.Bus.CancelScheduledAsync(id, Cancellation));
    }

    /// <summary>A handler that is not in a unit of work may begin one: what it publishes there still belongs to the same story.</summary>
    [Fact]
    public async Task Messages_ShouldNameTheirCause_WhenAHandlerBeganTheirUnitOfWork()
    {
        var cause = new TaskCompletionSource<EventId>();
        var published = new TaskCompletionSource<Envelope>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await StartAsync(carillon => carillon
            .On<StepTaken>(async (step, context) =>
            {
                cause.SetResult(context.Id);
                await using var work = await context.Bus.BeginAsync(cancellation: Cancellation);
                await context.Bus.PublishAsync(new WalkEnded(step.Walker!), Cancellation);
                await work.CommitAsync(Cancellation);
            })
            .On<WalkEnded>((_, context) => published.SetResult(context.Envelope), "ends"));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        var envelope = await published.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal(await cause.Task, envelope.CausationId);
        Assert.Equal(envelope.CausationId, envelope.CorrelationId);
    }

    private Task<TestService> StartAsync(Action<PublisherOptions>? configure = null) => StartAsync(carillon => carillon.Publishing(configure ?? (static _ => { })));

    private Task<TestService> StartAsync(Action<ICarillonBuilder> configure) => TestService.StartAsync(carillon =>
    {
        carillon.UseStorePart<IUnitOfWorkStore>(services =>
            {
                _store.Broker = services.GetRequiredService<InMemoryBroker>();
                return _store;
            })
            .UseStorePart<ISchedule>(_ => _store);
        configure(carillon);
    });
}
