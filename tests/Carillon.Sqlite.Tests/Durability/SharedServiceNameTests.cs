using System.Collections.Concurrent;
using Carillon.Tests;
using Carillon.Tests.Deploying;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite.Tests.Durability;

/// <summary>Two programs that call their service by one name are told so, each of them.</summary>
public sealed class SharedServiceNameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_ShouldBeReportedByBoth_WhenTwoProgramsShareAServiceName()
    {
        using var shop = new Lines();
        using var billing = new Lines();
        using var first = await StartAsync("shop-web", shop, carillon => carillon.On<OldFact>(static _ => { }));
        using var second = await StartAsync("billing-worker", billing, carillon => carillon.On<NewFact>(static _ => { }));

        await Eventually.IsTrueAsync(() => shop.Has("shop-web", "billing-worker", "deploying.new") && billing.Has("shop-web", "billing-worker", "deploying.old"));

        await first.StopAsync(TestContext.Current.CancellationToken);
        await second.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A program that takes envelopes of some topics handles these, and not everything: the other one is told what it does not handle.</summary>
    [Fact]
    public async Task Start_ShouldReportTopics_WhenOneOfTwoProgramsTakesEnvelopes()
    {
        using var audit = new Lines();
        using var billing = new Lines();
        using var first = await StartAsync("audit", audit, carillon => carillon.AddHandler(
            new EnvelopeHandlerDefinition("Audit", static (_, _, _) => ValueTask.CompletedTask) { Topics = ["audit.>"] }));
        using var second = await StartAsync("billing-worker", billing, carillon => carillon.On<NewFact>(static _ => { }));

        await Eventually.IsTrueAsync(() => audit.Has("billing-worker", "deploying.new:1") && billing.Has("billing-worker", "*@audit.>"));

        await first.StopAsync(TestContext.Current.CancellationToken);
        await second.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_ShouldReportNothing_WhenTwoVersionsOfOneProgramRun()
    {
        using var lines = new Lines();
        using var first = await StartAsync("shop-web", lines, carillon => carillon.On<OldFact>(static _ => { }));
        using var second = await StartAsync("shop-web", lines, carillon => carillon.On<OldFact>(static _ => { }).On<NewFact>(static _ => { }));

        await first.StopAsync(TestContext.Current.CancellationToken);
        await second.StopAsync(TestContext.Current.CancellationToken);

        Assert.False(lines.Has("shop-web"));
    }

    private async Task<IHost> StartAsync(string program, Lines lines, Action<ICarillonBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = program });
        builder.Logging.AddProvider(lines);
        builder.AddCarillon("shop", carillon => configure(carillon.UseSqlite(_folder.ConnectionString)));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>The lines about shared names in the log of one host.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public bool Has(params string[] texts) => _lines.Any(line => texts.All(text => line.Contains(text, StringComparison.Ordinal)));

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception) is var line && line.StartsWith(ErrorCodes.ServiceNameShared, StringComparison.Ordinal))
                _lines.Enqueue(line);
        }

        public void Dispose()
        {
        }
    }
}
