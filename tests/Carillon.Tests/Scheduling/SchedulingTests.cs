using System.Collections.Concurrent;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Scheduling;

/// <summary>Events and commands at a time, from end to end in memory.</summary>
public sealed class SchedulingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScheduleAsync_ShouldDeliverWhenItIsTime_WhenEventsAndCommandsAreScheduled()
    {
        var clock = TimeProvider.System;
        var handled = new ConcurrentQueue<(string What, DateTimeOffset At)>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .On<StepTaken>(step => handled.Enqueue(($"step {step.Number}", clock.GetUtcNow())))
            .On<StartWalk>(walk => handled.Enqueue(($"walk {walk.Walker}", clock.GetUtcNow()))));
        var start = clock.GetUtcNow();

        await service.Bus.ScheduleAsync(new StepTaken("w", 3), start.AddMilliseconds(900), cancellation: Cancellation);
        await service.Bus.ScheduleAsync(new StepTaken("w", 1), start.AddMilliseconds(300), cancellation: Cancellation);
        await service.Bus.ScheduleAsync(new StartWalk("w"), start.AddMilliseconds(600), cancellation: Cancellation);
        await service.Bus.ScheduleAsync(new StepTaken("w", 0), start.AddDays(-1), cancellation: Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 4);
        Assert.Equal(["step 0", "step 1", "walk w", "step 3"], handled.Select(item => item.What));
        foreach (var ((_, at), due) in handled.Skip(1).Zip([300, 600, 900]))
            Assert.InRange(at - start, TimeSpan.FromMilliseconds(due), TimeSpan.FromMilliseconds(due + 5_000));
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldSayWhetherItWasInTime_WhenAskedBeforeAndAfter()
    {
        var handled = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(step => handled.Enqueue(step.Number)));
        var soon = TimeProvider.System.GetUtcNow().AddMilliseconds(200);

        var cancelled = await service.Bus.ScheduleAsync(new StepTaken("w", 1), soon, cancellation: Cancellation);
        var kept = await service.Bus.ScheduleAsync(new StepTaken("w", 2), soon, cancellation: Cancellation);
        var inTime = await service.Bus.CancelScheduledAsync(cancelled, Cancellation);
        await Eventually.IsTrueAsync(() => !handled.IsEmpty);

        Assert.True(inTime);
        Assert.False(await service.Bus.CancelScheduledAsync(cancelled, Cancellation));
        Assert.False(await service.Bus.CancelScheduledAsync(kept, Cancellation));
        Assert.Equal([2], handled);
    }

    [Fact]
    public async Task ScheduleAsync_ShouldDeliverOnceAndSooner_WhenTheMessageWaitsAlready()
    {
        var handled = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(step => handled.Enqueue(step.Number)));
        var now = TimeProvider.System.GetUtcNow();
        var named = new PublishOptions { Id = EventId.Parse("reminder-1") };

        await service.Bus.ScheduleAsync(new StepTaken("w", 1), now.AddHours(1), named, Cancellation);
        var refused = await Assert.ThrowsAsync<PublishFailedException>(async () => await service.Bus.ScheduleAsync(new StepTaken("w", 2), now.AddHours(1), named, Cancellation));
        var id = await service.Bus.ScheduleAsync(new StepTaken("w", 1), now.AddMinutes(-1), named, Cancellation);
        await Eventually.IsTrueAsync(() => !handled.IsEmpty);

        Assert.Equal(ErrorCodes.AlreadyScheduled, refused.Code);
        Assert.False(await service.Bus.CancelScheduledAsync(id, Cancellation));
        Assert.Equal([1], handled);
    }

    [Fact]
    public async Task Schedule_ShouldNeitherLoseNorRepeat_WhenTheClockJumpsBackAndForth()
    {
        var clock = new MovableClock();
        var handled = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.AddCarillon("shop", carillon => carillon.UseInMemory().On<StepTaken>(step => handled.Enqueue(step.Number)));
        });
        var start = clock.GetUtcNow();
        for (var number = 0; number < 1_300; number++)
            await service.Bus.ScheduleAsync(new StepTaken("w", number), start.AddHours(2).AddSeconds(number), cancellation: Cancellation);

        clock.Jump(TimeSpan.FromHours(-5));
        clock.Jump(TimeSpan.FromHours(7) + TimeSpan.FromSeconds(600));
        await Eventually.IsTrueAsync(() => handled.Count >= 600);
        clock.Jump(TimeSpan.FromHours(-3));
        clock.Jump(TimeSpan.FromHours(9));

        await Eventually.IsTrueAsync(() => handled.Count >= 1_300);
        Assert.Equal(Enumerable.Range(0, 1_300), handled);
    }

    [Fact]
    public async Task ScheduleAsync_ShouldCountTheLifetimeFromItsTime_WhenTheMessageExpires()
    {
        var expiry = new TaskCompletionSource<DateTimeOffset?>();
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>((_, context) => expiry.SetResult(context.Envelope.ExpiryTime)));
        var soon = TimeProvider.System.GetUtcNow().AddMilliseconds(400);

        await service.Bus.ScheduleAsync(new StepTaken("w", 1), soon, new PublishOptions { TimeToLive = TimeSpan.FromMinutes(1) }, Cancellation);

        Assert.Equal(soon.AddMinutes(1), await expiry.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
    }

    [Fact]
    public async Task ScheduleAsync_ShouldRefuse_WhenTheHostHasStopped()
    {
        await using var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(_ => { }));
        var later = TimeProvider.System.GetUtcNow().AddHours(1);
        await service.Bus.ScheduleAsync(new StepTaken("w", 1), later, cancellation: Cancellation);
        await service.StopAsync();

        var error = await Assert.ThrowsAsync<CarillonException>(() => service.Bus.ScheduleAsync(new StepTaken("w", 2), later, cancellation: Cancellation).AsTask());
        var cancelling = await Assert.ThrowsAsync<CarillonException>(() => service.Bus.CancelScheduledAsync(EventId.Parse("x"), Cancellation).AsTask());

        Assert.Equal((ErrorCodes.BusNotRunning, ErrorCodes.BusNotRunning), (error.Code, cancelling.Code));
    }

    [Fact]
    public async Task ScheduleAsync_ShouldRefuse_WhenAUnitOfWorkIsDemandedAndThereIsNone()
    {
        await using var service = await TestService.StartAsync(carillon => carillon
            .Publishing(options => options.RequireUnitOfWork = true).On<StepTaken>(_ => { }));
        var later = TimeProvider.System.GetUtcNow().AddHours(1);

        foreach (var at in new[] { later, DateTimeOffset.UnixEpoch })
        {
            var error = await Assert.ThrowsAsync<CarillonException>(() => service.Bus.ScheduleAsync(new StepTaken("w", 1), at, cancellation: Cancellation).AsTask());
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        }
    }
}
