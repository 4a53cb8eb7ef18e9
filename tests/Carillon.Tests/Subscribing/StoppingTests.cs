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
