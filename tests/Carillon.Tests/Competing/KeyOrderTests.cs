using System.Collections.Concurrent;
using System.Threading.Channels;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Competing;

/// <summary>Order needs an exclusive owner (G3): a transport that gives keys none is refused, unless no order is asked for.</summary>
public sealed class KeyOrderTests
{
    private readonly Channel<Envelope> _queue = Channel.CreateUnbounded<Envelope>();
    private readonly InMemoryParkingStore _parked = new(TimeProvider.System);
    private readonly ConcurrentDictionary<int, bool> _handled = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ShouldThrow_WhenTheTransportGivesKeysNoOwner()
    {
        using var host = Build(_ => { });

        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() => host.StartAsync(Cancellation));

        Assert.Equal(ErrorCodes.OrderNotKept, error.Code);
        Assert.Contains("competing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ShouldComplete_WhenTheServiceOnlyPublishes()
    {
        using var host = Build(_ => { }, handles: false);

        await host.StartAsync(Cancellation);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Handling_ShouldHandleOrKeepEverything_WhenNoOrderIsAskedForAndTwoInstancesCompete()
    {
        const int count = 60;
        using var first = Build(subscription => subscription.KeepsKeyOrder = false);
        using var second = Build(subscription => subscription.KeepsKeyOrder = false);
        await first.StartAsync(Cancellation);
        await second.StartAsync(Cancellation);

        var bus = first.Services.GetRequiredService<IEventBus>();
        for (var number = 0; number < count; number++)
            await bus.PublishAsync(new StepTaken($"w{number % 7}", number), Cancellation);

        await Eventually.IsTrueAsync(() => _handled.Count == count);
        Assert.Equal(Enumerable.Range(0, count), _handled.Keys.Order());
        await first.StopAsync(Cancellation);
        await second.StopAsync(Cancellation);
    }

    private IHost Build(Action<SubscriptionOptions> configure, bool handles = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("shop", carillon =>
        {
            carillon.UseTransport("competing", _ => new CompetingTransport(_queue)).UseStorePart<IParkingStore>(_ => _parked).UseStorePart<IDeadLetters>(_ => _parked);
            if (!handles)
                return;
            carillon.Subscription(options =>
            {
                options.Retries.ImmediateAttempts = 1;
                options.Retries.FirstDelay = options.Retries.MaxDelay = TimeSpan.FromMilliseconds(50);
                configure(options);
            }).On<StepTaken>((step, context) =>
            {
                if (step.Number % 20 == 3 && context.Attempt == 1)
                    throw new IOException("not yet");
                _handled[step.Number] = true;
            });
        });
        return builder.Build();
    }
}
