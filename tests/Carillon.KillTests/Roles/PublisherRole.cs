using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.KillTests;

/// <summary>Publishes versioned messages of its own keys, and goes on where the process before it in its place ended.</summary>
internal static class PublisherRole
{
    public static async Task RunAsync(RoleSettings settings, ITransportUnderTest transport, HistoryWriter history, IReadOnlyList<HistoryLine> earlier)
    {
        var builder = Role.CreateHost();
        builder.AddCarillon(Subscriptions.Bank, carillon => transport.Use(carillon));
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(Role.Ready);
        var bus = host.Services.GetRequiredService<IEventBus>();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var last = earlier.Where(line => line.Step == HistoryStep.Intent).GroupBy(line => line.Key!).ToDictionary(key => key.Key, key => key.Max(line => line.Version));
        await Task.WhenAll(Enumerable.Range(1, settings.Keys).Select(number =>
        {
            var key = $"{settings.Place}-account-{number}";
            var random = new Random(HashCode.Combine(settings.Seed, number));
            return new KeyPublisher(key, settings.Generation, last.GetValueOrDefault(key), bus, history, random, TimeSpan.FromSeconds(settings.Pause)).RunAsync(stopping);
        }));
        await host.StopAsync();
    }
}
