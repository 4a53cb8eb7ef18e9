using Carillon.Hosting;
using Carillon.InMemory;
using Carillon.Transports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Hosting;

/// <summary>A host with services in memory, for tests of the runtime from end to end.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly IHost _host;

    private TestService(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IEventBus Bus => BusOf("shop");

    public int InFlight => Services.GetRequiredKeyedService<CarillonService>("shop").InFlight;

    public IDeadLetters DeadLetters => Services.GetRequiredService<IDeadLetters>();

    public static Task<TestService> StartAsync(Action<ICarillonBuilder> configure, Dictionary<string, string?>? settings = null) =>
        StartAsync(builder => builder.AddCarillon("shop", carillon => configure(carillon.UseInMemory())), settings);

    public static async Task<TestService> StartAsync(Action<HostApplicationBuilder> configure, Dictionary<string, string?>? settings = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        configure(builder);
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await DisposeAsync(host);
            throw;
        }

        return new TestService(host);
    }

    public IEventBus BusOf(string service) => Services.GetRequiredKeyedService<IEventBus>(service);

    /// <summary>Puts a message on the wire that no publisher of ours would make.</summary>
    public async Task SendRawAsync(Envelope envelope)
    {
        var broker = Services.GetRequiredService<InMemoryBroker>();
        await using var transport = new InMemoryTransport(broker, new InMemoryOptions(), TimeProvider.System);
        await transport.EnsureTopologyAsync(new Topology("stranger", []), TestContext.Current.CancellationToken);
        await using var sender = await transport.OpenSenderAsync(TestContext.Current.CancellationToken);
        var failures = await sender.SendAsync(new[] { envelope }, TestContext.Current.CancellationToken);
        Assert.Empty(failures ?? []);
    }

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await DisposeAsync(_host);
    }

    private static ValueTask DisposeAsync(IHost host) => host is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;
}
