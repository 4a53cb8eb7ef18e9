using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.KillTests;

/// <summary>Publishes versioned messages of its own keys, and goes on where the process before it in its place ended.</summary>
internal static class PublisherRole
{
    public static async Task RunAsync(RoleSettings settings, ITransportUnderTest transport, HistoryWriter history, IReadOnlyList<HistoryLine> earlier)
    {
        var builder = Role.CreateHost();
        if (settings.UsesContexts)
            builder.Services.AddBank(settings.Seed, Subscriptions.Bank, transport.Use);
        builder.AddCarillon(Subscriptions.Bank, carillon => transport.Use(carillon));
        using var host = builder.Build();
        if (settings.UsesContexts)
            await transport.CreateTablesAsync(host.Services);
        await host.StartAsync();
        if (settings.UsesContexts)
            await BankContexts.WarmUpAsync(host.Services);
        Console.WriteLine(Role.Ready);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var last = earlier.Where(line => line.Step is HistoryStep.Intent or HistoryStep.Discarded).GroupBy(line => line.Key!).ToDictionary(key => key.Key, key => key.Max(line => line.Version));
        await Task.WhenAll(Enumerable.Range(1, settings.Keys).Select(number =>
        {
            var key = $"{settings.Place}-account-{number}";
            var random = new Random(HashCode.Combine(settings.Seed, number));
            return Create(key, settings, last.GetValueOrDefault(key), host.Services, history, random).RunAsync(stopping);
        }));
        await host.StopAsync();
    }

    private static KeyPublisher Create(string key, RoleSettings settings, long last, IServiceProvider services, HistoryWriter history, Random random)
    {
        var pause = TimeSpan.FromSeconds(settings.Pause);
        return settings.UsesContexts
            ? new ContextKeyPublisher(key, settings, last, services, history, random, pause)
            : new BusKeyPublisher(key, settings.Generation, last, services.GetRequiredService<IEventBus>(), history, random, pause);
    }
}
