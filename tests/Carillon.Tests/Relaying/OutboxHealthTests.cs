using System.Diagnostics.Metrics;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.Tests.Relaying;

/// <summary>An outbox that is not emptied is seen.</summary>
public sealed class OutboxHealthTests : IAsyncDisposable
{
    private readonly RelayFixture _fixture = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_ShouldBeAsBadAsTheOutbox_WhenItsOldestMessageGrowsOld()
    {
        var service = await _fixture.StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(service)).Status);

        _fixture.Outbox.Oldest = () => TimeProvider.System.GetUtcNow().AddSeconds(-50);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(service)).Status);

        _fixture.Outbox.Oldest = () => TimeProvider.System.GetUtcNow().AddSeconds(-90);
        var old = await CheckAsync(service);
        Assert.Equal(HealthStatus.Degraded, old.Status);
        Assert.Contains("outbox of shop has waited for 90 s", old.Entries["carillon"].Description, StringComparison.Ordinal);

        _fixture.Outbox.Oldest = () => throw new IOException("the store is away");
        var away = await CheckAsync(service);
        Assert.Equal(HealthStatus.Unhealthy, away.Status);
        Assert.Contains("the store is away", away.Entries["carillon"].Description, StringComparison.Ordinal);

        await service.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(service)).Status);
    }

    [Fact]
    public async Task Gauge_ShouldShowTheAge_WhenSomebodyListens()
    {
        var ages = new List<(double Age, object? Service)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => Listen(instrument, own) };
        listener.SetMeasurementEventCallback<double>((_, age, tags, _) =>
        {
            lock (ages)
                ages.Add((age, tags.ToArray().Single(tag => tag.Key == "carillon.service").Value));
        });
        _fixture.Outbox.Oldest = () => TimeProvider.System.GetUtcNow().AddSeconds(-30);
        listener.Start();
        await using var service = await _fixture.StartAsync();
        await CheckAsync(service);

        listener.RecordObservableInstruments();

        lock (ages)
            Assert.Contains(ages, measured => measured is { Age: > 29 and < 60, Service: "shop" });

        static void Listen(Instrument instrument, MeterListener own)
        {
            if (instrument is { Name: "carillon.outbox.oldest.age", Unit: "s", Meter.Name: "Carillon" })
                own.EnableMeasurementEvents(instrument);
        }
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static Task<HealthReport> CheckAsync(TestService service) =>
        service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
}
