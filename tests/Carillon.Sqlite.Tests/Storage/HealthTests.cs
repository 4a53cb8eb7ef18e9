using Carillon.Sqlite.Tests.Durability;
using Carillon.Tests;
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

    public void Dispose() => _folder.Dispose();

    private static async Task<HealthReportEntry> CheckAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["carillon"];
}
