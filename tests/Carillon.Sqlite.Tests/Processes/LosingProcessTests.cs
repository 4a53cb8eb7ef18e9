using System.Globalization;
using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests;

/// <summary>What is handled at most once is never begun with again, also when processes die of it or right after it.</summary>
public sealed class LosingProcessTests : IDisposable
{
    private const int Count = 100;
    private const int Lives = 6;
    private const int FirstMarker = 1_000;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Handling_ShouldBeginWithNothingTwice_WhenProcessesDie()
    {
        await DyingWorker.PublishAsync(_folder.ConnectionString, Count);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("publisher", carillon => carillon.UseSqlite(_folder.ConnectionString));
        using var publisher = builder.Build();
        await publisher.StartAsync(Cancellation);
        var (deaths, begun) = (0, new List<int>());
        for (var number = FirstMarker; number < FirstMarker + Lives; number++)
        {
            using var life = WorkerProcess.Start("die-losing", _folder.ConnectionString, "shop");
            await DyingWorker.PublishOneAsync(publisher.Services.GetRequiredService<IEventBus>(), number * 10);
            var marker = (number * 10).ToString(CultureInfo.InvariantCulture);
            await Eventually.IsTrueAsync(() => life.HasExited || life.Said("handled").Contains(marker), TimeSpan.FromSeconds(60));
            deaths += life.HasExited ? 1 : 0;
            await life.KillAsync();
            begun.AddRange(life.Said("begins").Select(static said => int.Parse(said, CultureInfo.InvariantCulture)));
        }

        await publisher.StopAsync(Cancellation);
        Assert.InRange(deaths, 1, Lives);
        Assert.Equal(begun.Distinct(), begun);
    }
}
