using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Deploying;

/// <summary>Instances of several versions of one service and a publisher, each a host of its own, as in a deployment.</summary>
/// <param name="useTransport">Chooses the transport that all share.</param>
internal sealed class Versions(Action<ICarillonBuilder> useTransport) : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];
    private readonly ConcurrentQueue<(string Subject, int Number)> _handled = new();
    private IHost? _publisher;
    private int _published;

    /// <summary>What was handled, in the order in which it was.</summary>
    public IReadOnlyList<(string Subject, int Number)> Handled => [.. _handled];

    /// <summary>What the hosts write to their log.</summary>
    public LineLog Log { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task<IHost> StartOldAsync(Action<SubscriptionOptions>? configure = null) =>
        StartAsync("shop", carillon => carillon.Subscription(configure ?? (_ => { })).On<OldFact>(fact => _handled.Enqueue((fact.Subject, fact.Number))));

    public Task<IHost> StartNewAsync() => StartAsync("shop", carillon => carillon
        .On<OldFact>(fact => _handled.Enqueue((fact.Subject, fact.Number)))
        .On<NewFact>(fact => _handled.Enqueue((fact.Subject, fact.Number))));

    /// <summary>An instance that reads the older fact and the newer version of it.</summary>
    public Task<IHost> StartReadingNotesAsync() => StartAsync("shop", carillon => carillon
        .On<OldFact>(fact => _handled.Enqueue((fact.Subject, fact.Number)))
        .On<OldFactWithNote>(fact => _handled.Enqueue((fact.Subject, fact.Number))));

    /// <summary>An instance that no longer handles the older fact.</summary>
    public Task<IHost> StartWithoutOldAsync(Action<SubscriptionOptions>? configure = null) =>
        StartAsync("shop", carillon => carillon.Subscription(configure ?? (_ => { })).On<NewFact>(fact => _handled.Enqueue((fact.Subject, fact.Number))));

    /// <summary>An instance that takes envelopes of some topics, and handles nothing else.</summary>
    public Task<IHost> StartObserverAsync(params string[] topics) => StartAsync("shop", carillon => carillon.AddHandler(new EnvelopeHandlerDefinition("Observer", (envelope, _, _) =>
    {
        var fact = JsonDocument.Parse(envelope.Body).RootElement;
        Assert.Contains(envelope.Topic, topics);
        _handled.Enqueue((fact.GetProperty("subject").GetString()!, fact.GetProperty("number").GetInt32()));
        return ValueTask.CompletedTask;
    })
    {
        Topics = topics,
    }));

    /// <summary>Publishes facts of both kinds in turn, over a few keys.</summary>
    public Task PublishAsync(int count) => PublishAsync(count, static (subject, number) => new NewFact(subject, number));

    /// <summary>Publishes facts of the older kind, in both of its versions in turn, over a few keys.</summary>
    public Task PublishVersionsAsync(int count) => PublishAsync(count, static (subject, number) => new OldFactWithNote(subject, number, "please ring"));

    private async Task PublishAsync<TNewer>(int count, Func<string, int, TNewer> createNewer)
        where TNewer : notnull
    {
        _publisher ??= await StartAsync("publisher", _ => { });
        var bus = _publisher.Services.GetRequiredService<IEventBus>();
        for (var end = _published + count; _published < end; _published++)
        {
            var subject = $"key-{_published % 7}";
            if (_published / 7 % 2 == 0)
                await bus.PublishAsync(new OldFact(subject, _published), Cancellation);
            else
                await bus.PublishAsync(createNewer(subject, _published), Cancellation);
        }
    }

    /// <summary>Publishes an old fact of each of some keys.</summary>
    public async Task PublishOldAsync(int keys, int first)
    {
        _publisher ??= await StartAsync("publisher", _ => { });
        var bus = _publisher.Services.GetRequiredService<IEventBus>();
        for (var key = 0; key < keys; key++)
            await bus.PublishAsync(new OldFact($"key-{key}", first + key), Cancellation);
    }

    /// <summary>The number of messages that are handled, each counted once.</summary>
    public int CountHandled() => _handled.Select(fact => fact.Number).Distinct().Count();

    public Task HasHandledAsync(int count) => Eventually.IsTrueAsync(() => CountHandled() >= count, TimeSpan.FromSeconds(60), $"{count} facts handled");

    /// <summary>No key's facts were handled for the first time in another order than that in which they were published.</summary>
    public void AssertOrder() => AssertOrderOf(static _ => true);

    /// <summary>The same, of some facts.</summary>
    public void AssertOrderOf(Func<(string Subject, int Number), bool> concerns)
    {
        foreach (var subject in _handled.Where(concerns).GroupBy(fact => fact.Subject))
        {
            int[] first = [.. subject.Select(fact => fact.Number).Distinct()];
            Assert.Equal(first.Order(), first);
        }
    }

    public async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync() =>
        await _publisher!.Services.GetRequiredService<IDeadLetters>().ListAsync(new DeadLetterQuery(), Cancellation);

    public async Task StopAsync(IHost host)
    {
        _hosts.Remove(host);
        await host.StopAsync(Cancellation);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        while (_hosts.Count > 0)
            await StopAsync(_hosts[0]);
    }

    /// <summary>Starts one more instance of a service.</summary>
    public async Task<IHost> StartAsync(string service, Action<ICarillonBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(Log);
        builder.AddCarillon(service, carillon =>
        {
            useTransport(carillon);
            configure(carillon);
        });
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(Cancellation);
        return host;
    }
}
