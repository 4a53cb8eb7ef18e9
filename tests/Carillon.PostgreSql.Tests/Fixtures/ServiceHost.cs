using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.PostgreSql.Tests;

/// <summary>A host with one service on a database, as a process would have it.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);
    private readonly IHost _host;
    private bool _hasStopped;

    private ServiceHost(IHost host, LogLines log)
    {
        _host = host;
        Log = log;
    }

    /// <summary>What the host logged.</summary>
    public LogLines Log { get; }

    public IEventBus Bus => _host.Services.GetRequiredService<IEventBus>();

    public IDeadLetters DeadLetters => _host.Services.GetRequiredService<IDeadLetters>();

    public PostgreSqlDatabase Database => _host.Services.GetRequiredService<PostgreSqlDatabase>();

    /// <summary>Starts a service that reads from the beginning and tries failed messages again soon and for long.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="connectionString">Its database.</param>
    /// <param name="configure">Its handlers and more.</param>
    /// <param name="options">Changes the options; the lease is 2 seconds unless changed.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="log">Where it logs, for a test that looks while it starts.</param>
    public static async Task<ServiceHost> StartAsync(
        string service, string connectionString, Action<ICarillonBuilder> configure, Action<PostgreSqlOptions>? options = null, TimeProvider? time = null,
        LogLines? log = null)
    {
        log ??= new LogLines();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.Services.AddHealthChecks().AddCarillon();
        builder.AddCarillon(service, carillon =>
        {
            carillon.UsePostgreSql(connectionString, postgres =>
            {
                postgres.LeaseTime = Lease;
                options?.Invoke(postgres);
            }).Subscription(RetrySoon);
            configure(carillon);
        });
        var host = new ServiceHost(builder.Build(), log);
        try
        {
            await host._host.StartAsync(TestContext.Current.CancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>How it says it is.</summary>
    public async Task<HealthReportEntry> CheckHealthAsync() =>
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["carillon"];

    /// <summary>Stops it as a host does whose time is limited.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        _hasStopped = true;
        using var deadline = new CancellationTokenSource(grace);
        try
        {
            await _host.StopAsync(deadline.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or AggregateException)
        {
            // It says that something was left undone.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_hasStopped)
            await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }

    private static void RetrySoon(SubscriptionOptions subscription)
    {
        subscription.Start = StartPosition.Beginning;
        subscription.Retry(retry =>
        {
            retry.ImmediateAttempts = 2;
            retry.DelayedAttempts = 1_000;
            retry.FirstDelay = Soon;
            retry.MaxDelay = Soon;
        });
    }
}
