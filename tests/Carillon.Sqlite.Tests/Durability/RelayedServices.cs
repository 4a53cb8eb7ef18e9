using System.Collections.Concurrent;
using Carillon.Transports;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests.Durability;

/// <summary>Services whose state is in one file while another file carries their messages. Both files outlive each host.</summary>
internal sealed class RelayedServices : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(100);
    private readonly List<IHost> _hosts = [];

    /// <summary>The file of units of work, outbox, schedule and dead letters.</summary>
    public TemporaryFolder Store { get; } = new();

    /// <summary>The file that carries the messages.</summary>
    public TemporaryFolder Transport { get; } = new();

    /// <summary>What was handled, in the order in which it was.</summary>
    public ConcurrentQueue<MoneyReceived> Handled { get; } = new();

    /// <summary>How many messages are in the outbox, sent ones that were not removed yet included.</summary>
    public long Stored => Database.Number(Store, "SELECT count(*) FROM carillon_outbox");

    public static IEventBus BusOf(IHost host) => host.Services.GetRequiredService<IEventBus>();

    public static async Task<HealthStatus> CheckAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Status;

    /// <summary>Starts a service that handles <see cref="MoneyReceived"/>.</summary>
    /// <param name="configure">What more it does.</param>
    /// <param name="service">Its name.</param>
    /// <param name="transportFirst">Whether the transport is chosen before the store.</param>
    public async Task<IHost> StartAsync(Action<ICarillonBuilder>? configure = null, string service = "ledger", bool transportFirst = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHealthChecks().AddCarillon();
        builder.AddCarillon(service, carillon =>
        {
            if (transportFirst)
                UseStore(UseTransport(carillon));
            else
                UseTransport(UseStore(carillon));
            carillon
                .Outbox(outbox => (outbox.FirstDelay, outbox.MaxDelay, outbox.DegradedAfter) = (Soon, Soon, TimeSpan.FromSeconds(1)))
                .Subscription(subscription => subscription.Start = StartPosition.Beginning)
                .On<MoneyReceived>(Handled.Enqueue);
            configure?.Invoke(carillon);
        });
        var host = builder.Build();
        _hosts.Add(host);
        using (var connection = host.Services.GetRequiredService<SqliteFile>().OpenConnection())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "CREATE TABLE IF NOT EXISTS effects (entry TEXT NOT NULL)";
            command.ExecuteNonQuery();
        }

        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Takes the transport away until what is returned is disposed: nobody else can write to its file.</summary>
    public SqliteConnection BlockTransport()
    {
        var connection = new SqliteConnection($"{Transport.ConnectionString};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    /// <summary>The amounts of an account that were handled, in order.</summary>
    public IEnumerable<int> AmountsOf(string account) => Handled.Where(money => money.Account == account).Select(money => money.Amount);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        Store.Dispose();
        Transport.Dispose();
    }

    private ICarillonBuilder UseStore(ICarillonBuilder carillon) => carillon.UseSqliteStore(Store.ConnectionString);

    private ICarillonBuilder UseTransport(ICarillonBuilder carillon) =>
        carillon.UseSqlite(Transport.ConnectionString, options => options.BusyTimeout = ShortPatience);
}
