using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Hosting;

/// <summary>What runs while a service runs is started and stopped in its order, and can hold up neither.</summary>
public sealed class ServicePartTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<string> _steps = new();
    private readonly RecordingLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_ShouldGoStageByStageAndBack_WhenPartsWereAddedInAnyOrder()
    {
        await using (await StartAsync(
            new TestPart("receiving", _steps) { Stage = ServiceStage.Receiving },
            new TestPart("working", _steps),
            new TestPart("connecting", _steps) { Stage = ServiceStage.Connecting },
            new TestPart("relaying", _steps) { Stage = ServiceStage.Relaying },
            new TestPart("publishing", _steps) { Stage = ServiceStage.Publishing },
            new TestPart("working too", _steps)))
        {
            Assert.Equal(
                ["+connecting", "+publishing", "+relaying", "+working", "+working too", "+receiving"], _steps.ToArray());
        }

        Assert.Equal(["-receiving", "-working", "-working too"], _steps.Skip(6).Take(3).Order());
        Assert.Equal(["-receiving", "-relaying", "-publishing", "-connecting"], [_steps.ElementAt(6), .. _steps.Skip(9)]);
    }

    [Fact]
    public async Task PublishAsync_ShouldWork_WhenAPartStartsAndWhenItStops()
    {
        var handled = new ConcurrentQueue<string>();
        IEventBus? bus = null;
        var part = new TestPart("publishing by itself", _steps)
        {
            Starting = async cancellation => await bus!.PublishAsync(new StepTaken("start", 1), cancellation),
            Stopping = async cancellation => await bus!.PublishAsync(new StepTaken("stop", 1), cancellation),
        };
        await using (await TestService.StartAsync(carillon => carillon
            .AddServicePart(services =>
            {
                bus = services.GetRequiredKeyedService<IEventBus>("shop");
                return part;
            })
            .On<StepTaken>(step => handled.Enqueue(step.Walker!))))
        {
            await Eventually.IsTrueAsync(() => handled.Contains("start"));
        }

        Assert.Equal(["+publishing by itself", "-publishing by itself"], _steps);
    }

    [Fact]
    public async Task StartAsync_ShouldStopWhatHadStarted_WhenAPartCannotStart()
    {
        var failing = new TestPart("failing", _steps) { Starting = _ => throw new IOException("no room") };

        await Assert.ThrowsAsync<IOException>(() => StartAsync(new TestPart("first", _steps), failing, new TestPart("never", _steps)));

        Assert.Equal(["+first", "-failing", "-first"], [_steps.First(), .. _steps.Skip(1).Order()]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartAsync_ShouldEnd_WhenItIsCancelledWhileAPartHangs(bool isBlocking)
    {
        using var never = new ManualResetEventSlim();
        var hanging = new TestPart("hanging", _steps) { Starting = _ => isBlocking ? Block(never) : new ValueTask(new TaskCompletionSource().Task) };
        using var host = Host(hanging);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var starting = host.StartAsync(cancellation.Token);
        await hanging.IsStarting.WaitAsync(_patience, Cancellation);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(_patience, Cancellation));
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.Contains("-hanging", _steps);
        never.Set();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StopAsync_ShouldLeaveAPartBehindAndNameIt_WhenItHangs(bool isBlocking)
    {
        using var never = new ManualResetEventSlim();
        var hanging = new TestPart("a hanging part", _steps) { Stopping = _ => isBlocking ? Block(never) : new ValueTask(new TaskCompletionSource().Task) };
        var failing = new TestPart("failing", _steps) { Stopping = _ => throw new IOException("cannot be written"), Stage = ServiceStage.Receiving };
        using var host = Host(new TestPart("first", _steps) { Stage = ServiceStage.Connecting }, hanging, failing);
        await host.StartAsync(Cancellation);
        using var grace = new CancellationTokenSource();

        var stopping = host.StopAsync(grace.Token);
        await Eventually.IsTrueAsync(() => _steps.Contains("-a hanging part"));
        Assert.False(stopping.IsCompleted);
        await grace.CancelAsync();
        await ((Task)stopping.ContinueWith(_ => { }, TaskScheduler.Default)).WaitAsync(_patience, Cancellation);

        Assert.Contains("-first", _steps);
        Assert.Contains("a hanging part", Assert.Single(_log.Of(1003)), StringComparison.Ordinal);
        Assert.Single(_log.Of(1004));
        never.Set();
    }

    public void Dispose() => _log.Dispose();

    private static ValueTask Block(ManualResetEventSlim until)
    {
        until.Wait(CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    private static Task<TestService> StartAsync(params TestPart[] parts) => TestService.StartAsync(carillon =>
    {
        foreach (var part in parts)
            carillon.AddServicePart(_ => part);
    });

    private IHost Host(params TestPart[] parts)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.AddProvider(_log));
        builder.AddCarillon("shop", carillon =>
        {
            carillon.UseInMemory();
            foreach (var part in parts)
                carillon.AddServicePart(_ => part);
        });
        return builder.Build();
    }
}
