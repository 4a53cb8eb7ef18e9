using Carillon.Sqlite.Tests.Durability;
using Carillon.Tests;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests.Storage;

/// <summary>Health follows the file, also where everything that has it open goes on.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckHealth_ShouldBeUnhealthyUntilItIsBack_WhenTheFileIsMovedAway()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHealthChecks().AddCarillon();
        builder.AddCarillon("ledger", carillon => carillon.UseSqlite(_folder.ConnectionString).On<MoneyReceived>(_ => { }));
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);

        File.Move(_folder.Database, _folder.Database + ".away");
        var report = await CheckAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains(_folder.Database, report.Description, StringComparison.Ordinal);
        Assert.Contains("was deleted, moved or replaced", report.Description, StringComparison.Ordinal);
        File.Move(_folder.Database + ".away", _folder.Database);

        await Eventually.IsTrueAsync(async () => (await CheckAsync(host)).Status == HealthStatus.Healthy, TimeSpan.FromSeconds(60));
        await host.StopAsync(Cancellation);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    [Fact]
    public async Task CheckHealth_ShouldNameTheMethod_WhenNobodyDisposesItsUnitOfWork()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHealthChecks().AddCarillon();
        builder.AddCarillon("ledger", carillon => carillon.UseSqlite(_folder.ConnectionString).Health(health => health.StalledAfter = TimeSpan.FromMilliseconds(100)));
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        var forgotten = await host.Services.GetRequiredService<IEventBus>().BeginAsync(cancellation: Cancellation);

        await Eventually.IsTrueAsync(async () => (await CheckAsync(host)).Status == HealthStatus.Degraded);
        Assert.Contains($"begun by {nameof(CheckHealth_ShouldNameTheMethod_WhenNobodyDisposesItsUnitOfWork)}, line ", (await CheckAsync(host)).Description, StringComparison.Ordinal);
        await forgotten.DisposeAsync();

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
        await host.StopAsync(Cancellation);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    /// <summary>Whoever holds the write lock, a stop and what the host disposes after it end soon after the grace time.</summary>
    [Fact]
    public async Task StopAsync_ShouldEndByItsDeadline_WhenSomebodyHoldsTheWriteLock()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.AddCarillon("ledger", carillon => carillon.UseSqlite(_folder.ConnectionString).On<MoneyReceived>(_ => { }));
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        using var connection = new SqliteConnection(_folder.ConnectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        var publishing = Enumerable.Range(0, 300).Select(number => host.Services.GetRequiredService<IEventBus>().PublishAsync(new MoneyReceived($"{number}", 1), cancellation: Cancellation).AsTask()).ToList();

        var began = TimeProvider.System.GetTimestamp();
        await host.StopAsync(Cancellation);
        var stopped = TimeProvider.System.GetElapsedTime(began);
        await ((IAsyncDisposable)host).DisposeAsync();

        Assert.InRange(stopped, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(8));
        foreach (var publish in publishing)
            await Assert.ThrowsAnyAsync<CarillonException>(() => publish);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<HealthReportEntry> CheckAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["carillon"];
}
