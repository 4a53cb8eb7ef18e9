using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Parking;

/// <summary>A key that stands still is loud about it, and costs no more the longer it stands.</summary>
public sealed class StoppedKeysTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoppedKeys_ShouldBeSeenInHealthMetricAndLog_WhenTheyStandStill()
    {
        var isMended = false;
        var log = new CriticalLog();
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Logging.AddProvider(log);
            builder.Services.AddHealthChecks().AddCarillon();
            builder.AddCarillon("walks", carillon => carillon.UseInMemory().Subscription(Hasty).On<StepTaken>(_ =>
            {
                if (!Volatile.Read(ref isMended))
                    throw new InvalidOperationException("broken leg");
            }));
        });
        using var listener = new MeterListener { InstrumentPublished = Listen };
        var measured = new ConcurrentDictionary<object, int>();
        listener.SetMeasurementEventCallback<int>((_, keys, tags, _) => measured[tags.ToArray().Single(tag => tag.Key == "messaging.destination.subscription.name").Value!] = keys);
        listener.Start();

        foreach (var walker in new[] { "v", "w", "w", "x" })
            await service.BusOf("walks").PublishAsync(new StepTaken(walker, 1), Cancellation);
        await Eventually.IsTrueAsync(async () => (await CheckAsync(service)) is { Status: HealthStatus.Degraded } report
            && report.Entries["carillon"].Description is { } told && told.StartsWith("walks: 3 keys stand still at a message that keeps failing, the first since ", StringComparison.Ordinal)
            && told.Contains("(step.taken) in On(StepTaken) (CRL3013: ", StringComparison.Ordinal) && told.Contains("discard dead letter ", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(() =>
        {
            listener.RecordObservableInstruments();
            return measured.GetValueOrDefault("walks") == 3;
        });
        Volatile.Write(ref isMended, true);

        await Eventually.IsTrueAsync(async () => (await CheckAsync(service)).Status == HealthStatus.Healthy);
        await Eventually.IsTrueAsync(() =>
        {
            listener.RecordObservableInstruments();
            return measured["walks"] == 0;
        });
        Assert.Contains(log.Texts, text => text.Contains(ErrorCodes.KeyStopped, StringComparison.Ordinal) && text.Contains("key w of walks", StringComparison.Ordinal));

        static void Listen(Instrument instrument, MeterListener own)
        {
            if (instrument is { Name: "carillon.subscription.keys.stopped", Unit: "{key}", Meter.Name: "Carillon" })
                own.EnableMeasurementEvents(instrument);
        }
    }

    [Fact]
    public async Task StoppedKeys_ShouldReplayNothing_WhenDeadLettersAreFromAnotherPolicy()
    {
        var store = new InMemoryParkingStore(TimeProvider.System);
        await using (var before = await StartAsync(store, DeadLetterPolicy.ParkKey))
        {
            await before.Bus.PublishAsync(new StepTaken("old", 1), Cancellation);
            await Eventually.IsTrueAsync(async () => await store.ListAsync(new DeadLetterQuery(), Cancellation) is [_]);
        }

        await using var after = await StartAsync(store, DeadLetterPolicy.StopKey);
        await after.Bus.PublishAsync(new StepTaken("new", 1), Cancellation);

        await Eventually.IsTrueAsync(async () => await store.ListAsync(new DeadLetterQuery { Key = "new" }, Cancellation) is [{ Attempts.Count: > 10 }]);
        Assert.Equal(2, Assert.Single(await store.ListAsync(new DeadLetterQuery { Key = "old" }, Cancellation)).Attempts.Count);
    }

    private static Task<TestService> StartAsync(InMemoryParkingStore store, DeadLetterPolicy policy) => TestService.StartAsync(carillon => carillon
        .UseStorePart<IParkingStore>(_ => store)
        .Subscription(Hasty)
        .Subscription(subscription => subscription.DeadLetters = policy)
        .On<StepTaken>(_ => throw new InvalidOperationException("broken leg")));

    private static Task<HealthReport> CheckAsync(TestService service) =>
        service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);

    private static void Hasty(SubscriptionOptions subscription)
    {
        subscription.DeadLetters = DeadLetterPolicy.StopKey;
        subscription.Retries.ImmediateAttempts = 1;
        subscription.Retries.DelayedAttempts = 1;
        subscription.Retries.FirstDelay = TimeSpan.FromMilliseconds(5);
        subscription.Retries.MaxDelay = TimeSpan.FromMilliseconds(60);
    }

    private sealed class CriticalLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Texts { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Texts.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
