using System.Collections.Concurrent;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Subscribing;

public sealed class StoppingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_ShouldCancelHandlersThatDoNotEnd_WhenTheGraceTimeIsOver()
    {
        var entered = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
            builder.AddCarillon("shop", carillon => carillon.UseInMemory().On<StepTaken>(async (_, context) =>
            {
                entered.SetResult();
                await using var registration = context.Cancellation.Register(cancelled.SetResult);
                await cancelled.Task;
                context.Cancellation.ThrowIfCancellationRequested();
            }));
        });
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await entered.Task;

        await service.StopAsync();

        Assert.True(cancelled.Task.IsCompletedSuccessfully);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Stop_ShouldEndAllTheSame_WhenAHandlerIgnoresItsCancellation()
    {
        var entered = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
            builder.AddCarillon("shop", carillon => carillon.UseInMemory().On<StepTaken>(async _ =>
            {
                entered.SetResult();
                await never.Task;
            }));
        });
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await entered.Task;

        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    /// <summary>Found by seed 10042226 of the simulation: what came together was handled by itself, in spite of an earlier one that was returned.</summary>
    [Fact]
    public async Task Stop_ShouldReturnTheRestOfABatch_WhenAnEarlierMessageOfItIsReturned()
    {
        var (entered, gate, alone) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var handled = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
            builder.AddCarillon("shop", carillon => carillon.UseInMemory().Subscription(subscription => subscription.Concurrency = 1).AddHandler(new BatchHandlerDefinition<StepTaken>(
                "Batch", new MessageDefinition<StepTaken>("step.taken", MessageKind.Event, step => step.Walker), batchSize: 2, async (batch, _, cancellation) =>
                {
                    if (batch.Count == 2)
                        throw new InvalidOperationException("together they do not work");
                    if (batch[0].Number == 0)
                    {
                        entered.SetResult();
                        await gate.Task;
                    }
                    else if (batch[0].Number == 1)
                    {
                        alone.TrySetResult();
                        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
                    }

                    handled.Enqueue(batch[0].Number);
                })));
        });
        await service.Bus.PublishAsync(new StepTaken("first", 0), Cancellation);
        await entered.Task;
        await service.Bus.PublishBatchAsync([new StepTaken("w", 1), new StepTaken("w", 2)], cancellation: Cancellation);
        await Eventually.IsTrueAsync(() => service.InFlight == 3);
        gate.SetResult();
        await alone.Task;

        await service.StopAsync();

        Assert.Equal([0], handled);
        Assert.Equal(0, service.InFlight);
    }

    [Fact]
    public async Task Bus_ShouldStillWorkForRunningHandlers_WhenTheHostStops()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        Exception? error = null;
        var service = await TestService.StartAsync(carillon => carillon.On<StepTaken>(async (step, context) =>
        {
            entered.SetResult();
            await release.Task;
            error = await Record.ExceptionAsync(() => context.Bus.PublishAsync(new WalkEnded(step.Walker!), Cancellation).AsTask());
        }));
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await entered.Task;

        var stopping = service.StopAsync();
        release.SetResult();
        await stopping;

        Assert.Null(error);
        await service.DisposeAsync();
    }
}
