using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using System.Threading.Channels;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Tests.Competing;
using Carillon.Tests.Durability;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Subscribing;

/// <summary>What may get lost is handled once or not at all, nothing of it is set aside, and each loss is said and counted.</summary>
public sealed class AtMostOnceTests : IDisposable
{
    private const int Lost = 1233;
    private readonly RecordingLog _log = new();
    private readonly ConcurrentQueue<int> _begun = new();
    private readonly ConcurrentQueue<(string Subscription, string Reason)> _counted = new();
    private readonly MeterListener _listener;
    private readonly string _service = $"meter-{Guid.NewGuid():N}";

    public AtMostOnceTests()
    {
        _listener = new MeterListener { InstrumentPublished = Listen };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var texts = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => (string)tag.Value!);
            if (texts["messaging.destination.subscription.name"].StartsWith(_service, StringComparison.Ordinal))
                _counted.Enqueue((texts["messaging.destination.subscription.name"], texts["carillon.loss.reason"]));
        });
        _listener.Start();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Handling_ShouldLoseTheMessageAndGoOn_WhenItsHandlerFails()
    {
        await using var service = await StartAsync(step => step.Number == 1 ? throw new InvalidOperationException("no") : Task.CompletedTask);

        for (var number = 0; number < 4; number++)
            await PublishAsync(service, number);

        await Eventually.IsTrueAsync(() => _begun.Count == 4 && _counted.Count == 1);
        Assert.Equal([0, 1, 2, 3], _begun);
        Assert.Equal([(_service, "failed")], _counted);
        var told = Assert.Single(_log.Of(Lost));
        Assert.Contains("step.taken, key w", told, StringComparison.Ordinal);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        await Eventually.IsTrueAsync(() => InFlightOf(service) == 0);
    }

    [Theory]
    [InlineData("expired", "expired")]
    [InlineData("unknown type", "unhandled")]
    [InlineData("bad bytes", "unreadable")]
    public async Task Handling_ShouldLoseTheMessage_WhenItCannotBeHandled(string fault, string reason)
    {
        await using var service = await StartAsync(static _ => Task.CompletedTask);
        var good = new Envelope
        {
            Id = EventId.Parse("raw"),
            Source = "/stranger",
            Type = "step.taken",
            Version = 1,
            Topic = "step.taken",
            ContentType = "application/json",
            Time = DateTimeOffset.UnixEpoch,
            Body = Encoding.UTF8.GetBytes("""{"walker":"w","number":1}"""),
        };

        await service.SendRawAsync(fault switch
        {
            "expired" => good with { ExpiryTime = DateTimeOffset.UnixEpoch },
            "unknown type" => good with { Type = "nobody.knows" },
            _ => good with { Body = new byte[] { 0 } },
        });
        await PublishAsync(service, 2);

        await Eventually.IsTrueAsync(() => !_begun.IsEmpty && !_counted.IsEmpty);
        Assert.Equal([2], _begun);
        Assert.Equal([(_service, reason)], _counted);
        Assert.Single(_log.Of(Lost));
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Handling_ShouldLoseTheWholeBatch_WhenItsCallFails()
    {
        var gate = new TaskCompletionSource();
        var calls = new ConcurrentQueue<int[]>();
        await using var service = await StartAsync(carillon => carillon.Subscription(static options => options.Concurrency = 1).AddHandler(new BatchHandlerDefinition<StepTaken>("Batch", Steps, 10, async (batch, _, _) =>
        {
            calls.Enqueue([.. batch.Select(static step => step.Number)]);
            await gate.Task;
            if (batch.Count > 1)
                throw new InvalidOperationException("together they do not work");
        })
        { Delivery = DeliveryGuarantee.AtMostOnceMayLose }));

        await PublishAsync(service, 0);
        await Eventually.IsTrueAsync(() => calls.Count == 1);
        for (var number = 1; number < 4; number++)
            await PublishAsync(service, number);
        await Eventually.IsTrueAsync(() => InFlightOf(service) == 4);
        gate.SetResult();

        await Eventually.IsTrueAsync(() => _counted.Count == 3);
        Assert.Equal([[0], [1, 2, 3]], calls);
        Assert.Equal(0, InFlightOf(service));
    }

    [Fact]
    public async Task Handling_ShouldHoldNoMoreThanThereIsRoomFor_WhenMessagesAreSettledAlready()
    {
        var gate = new TaskCompletionSource();
        await using var service = await StartAsync(_ => gate.Task, static options => options.MaxInFlight = 3);
        await service.BusOf(_service).PublishBatchAsync([.. Enumerable.Range(0, 20).Select(static number => new StepTaken("w", number))], cancellation: Cancellation);

        await Eventually.IsTrueAsync(() => InFlightOf(service) == 3);
        for (var turn = 0; turn < 100; turn++)
            await Task.Yield();
        Assert.Equal(3, InFlightOf(service));
        gate.SetResult();

        await Eventually.IsTrueAsync(() => _begun.Count == 20);
        Assert.Equal(Enumerable.Range(0, 20), _begun);
    }

    [Fact]
    public async Task Stop_ShouldHandleWhatIsInHand_WhenThereIsTime()
    {
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await StartAsync(async _ =>
        {
            entered.TrySetResult();
            await gate.Task;
        });
        for (var number = 0; number < 5; number++)
            await PublishAsync(service, number);
        await entered.Task;
        await Eventually.IsTrueAsync(() => InFlightOf(service) == 5);

        var stopping = service.StopAsync();
        // Whatever a stop would take out of lanes at once, it has taken by then.
        for (var turn = 0; turn < 2_000; turn++)
            await Task.Yield();
        gate.SetResult();
        await stopping;

        Assert.Equal([0, 1, 2, 3, 4], _begun);
        Assert.Empty(_counted);
    }

    [Fact]
    public async Task Stop_ShouldCountWhatIsLost_WhenItsTimeIsOver()
    {
        var entered = new TaskCompletionSource();
        await using var service = await StartAsync(async (_, cancellation) =>
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        });
        for (var number = 0; number < 5; number++)
            await PublishAsync(service, number);
        await entered.Task;
        await Eventually.IsTrueAsync(() => InFlightOf(service) == 5);

        await service.StopAsync();

        await Eventually.IsTrueAsync(() => _counted.Count == 5);
        Assert.All(_counted, counted => Assert.Equal((_service, "stopped"), counted));
        Assert.Equal([0], _begun);
    }

    [Fact]
    public async Task Start_ShouldNeedNoStore_WhenTheSubscriptionAsksForExactlyOnceAndItsOnlyHandlerForAtMostOnce()
    {
        await using var service = await StartAsync(static _ => Task.CompletedTask, static options => options.Delivery = DeliveryGuarantee.ExactlyOnce);

        await PublishAsync(service, 1);

        await Eventually.IsTrueAsync(() => !_begun.IsEmpty);
    }

    [Theory]
    [InlineData(DeliveryGuarantee.AtMostOnceMayLose, DeliveryGuarantee.AtLeastOnce, DeliveryGuarantee.AtLeastOnce, "is handled at least once")]
    [InlineData(DeliveryGuarantee.AtMostOnceMayLose, DeliveryGuarantee.ExactlyOnce, DeliveryGuarantee.AtLeastOnce, "runs in a unit of work")]
    [InlineData(DeliveryGuarantee.ExactlyOnce, DeliveryGuarantee.AtLeastOnce, DeliveryGuarantee.AtMostOnceMayLose, "runs in a unit of work")]
    public async Task Start_ShouldThrow_WhenHandlersOfOneSubscriptionDiffer(DeliveryGuarantee first, DeliveryGuarantee second, DeliveryGuarantee subscription, string reason)
    {
        var store = new InMemoryStore();

        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() => StartAsync(carillon => carillon
            .UseStorePart<Carillon.Durability.IUnitOfWorkStore>(_ => store)
            .Subscription(options => options.Delivery = subscription)
            .AddHandler(new HandlerDefinition<StepTaken>("First", Steps, static (_, _, _) => default) { Delivery = first })
            .AddHandler(new HandlerDefinition<StepTaken>("Second", Steps, static (_, _, _) => default) { Delivery = second })));

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ShouldThrow_WhenTheTransportCannotFinishMessagesFirst()
    {
        var parked = new InMemoryParkingStore(TimeProvider.System);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("shop", carillon => carillon
            .UseTransport("competing", _ => new CompetingTransport(Channel.CreateUnbounded<Envelope>())).UseStorePart<IParkingStore>(_ => parked).UseStorePart<IDeadLetters>(_ => parked)
            .Subscription(static options => (options.KeepsKeyOrder, options.Delivery) = (false, DeliveryGuarantee.AtMostOnceMayLose))
            .On<StepTaken>(static _ => { }));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() => host.StartAsync(Cancellation));

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
        Assert.Contains("competing cannot write them down", error.Message, StringComparison.Ordinal);
    }

    private static MessageDefinition<StepTaken> Steps => new("step.taken", MessageKind.Event, static step => step.Walker);

    private Task<TestService> StartAsync(Func<StepTaken, Task> handle, Action<SubscriptionOptions>? configure = null) => StartAsync((step, _) => handle(step), configure);

    private Task<TestService> StartAsync(Func<StepTaken, CancellationToken, Task> handle, Action<SubscriptionOptions>? configure = null) => StartAsync(carillon => carillon
        .Subscription(options => configure?.Invoke(options))
        .AddHandler(new HandlerDefinition<StepTaken>("Meter", Steps, async (step, _, cancellation) =>
        {
            _begun.Enqueue(step.Number);
            await handle(step, cancellation);
        })
        { Delivery = DeliveryGuarantee.AtMostOnceMayLose }));

    private Task<TestService> StartAsync(Action<ICarillonBuilder> configure) => TestService.StartAsync(builder =>
    {
        builder.Logging.AddProvider(_log);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.AddCarillon(_service, carillon => configure(carillon.UseInMemory()));
    });

    private ValueTask PublishAsync(TestService service, int number) => service.BusOf(_service).PublishAsync(new StepTaken("w", number), Cancellation);

    private int InFlightOf(TestService service) => service.Services.GetRequiredKeyedService<Carillon.Hosting.CarillonService>(_service).InFlight;

    private static void Listen(Instrument instrument, MeterListener own)
    {
        if (instrument is { Name: "carillon.subscription.messages.lost", Unit: "{message}", Meter.Name: "Carillon" })
            own.EnableMeasurementEvents(instrument);
    }
}
