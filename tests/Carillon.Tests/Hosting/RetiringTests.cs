using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Hosting;

/// <summary>Subscriptions that people retire, from end to end.</summary>
public sealed class RetiringTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retire_ShouldBeRefused_WhenTheServiceRuns()
    {
        await using var service = await StartAsync();
        await service.Bus.PublishAsync(new StepTaken("a", 1), Cancellation);
        await Eventually.IsTrueAsync(async () => await service.DeadLetters.CountAsync(new DeadLetterQuery(), Cancellation) == 1);

        var refusal = await Assert.ThrowsAsync<CarillonException>(async () => await service.Services.GetRequiredService<ISubscriptions>().RetireAsync("shop", "shop", Cancellation));

        Assert.Equal(ErrorCodes.SubscriptionInUse, refusal.Code);
        Assert.Equal(1, await service.DeadLetters.CountAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Retire_ShouldBeRefused_WhenThereIsNoSuchSubscription()
    {
        var service = await StartAsync();
        var subscriptions = service.Services.GetRequiredKeyedService<ISubscriptions>("shop");
        await using (var scope = service.Services.CreateAsyncScope())
            Assert.Same(subscriptions, scope.ServiceProvider.GetRequiredService<ISubscriptions>());

        var refusal = await Assert.ThrowsAsync<CarillonException>(async () => await subscriptions.RetireAsync("shop", "nobody", Cancellation));

        Assert.Equal(ErrorCodes.SubscriptionNotFound, refusal.Code);
        await service.DisposeAsync();
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(carillon => carillon
        .Subscription(subscription => subscription.Retry(retry => retry.DoNotRetry<FormatException>()))
        .On<StepTaken>(_ => throw new FormatException("It is never right.")));
}
