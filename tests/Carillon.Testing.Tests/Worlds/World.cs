using System.Globalization;
using Carillon.Testing.Logs;
using Carillon.Testing.Transports;
using Carillon.Transports;

namespace Carillon.Testing.Tests.Worlds;

/// <summary>A log, processes that read it over bad networks, and one that publishes. Everything comes from one seed.</summary>
internal sealed class World
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 12).Select(number => $"key-{number}")];
    private readonly Dictionary<string, int> _sent = new(StringComparer.Ordinal);
    private int _ids;

    public World(int seed, double hostility)
    {
        (Random, Hostility, Log) = (new Random(seed), hostility, new SimulatedLog(Clock));
        Log.Declare(new Topology("orders", [Orders]));
    }

    public static SubscriptionTopology Orders { get; } = new() { Name = "orders", Service = "orders", Topics = [TopicPattern.Parse("a.b")] };

    public StepClock Clock { get; } = new();

    public Random Random { get; }

    public double Hostility { get; }

    public SimulatedLog Log { get; }

    public Ledger Ledger { get; } = new();

    /// <summary>Publishes over a bad network, each batch again until it is confirmed.</summary>
    public async Task PublishAsync(int batches)
    {
        var link = new HostileLink(Clock, new Random(Random.Next()), Hostility);
        await using var sender = await new SimulatedTransport(link, Log, isOutbox: false, new SimulatedTransportOptions()).OpenSenderAsync(CancellationToken.None);
        for (var batch = 0; batch < batches; batch++)
        {
            Envelope[] messages = [.. Enumerable.Range(0, Random.Next(1, 10)).Select(_ => Next(Keys[Random.Next(Keys.Length)]))];
            while (!await TrySendAsync(sender, messages))
                await Wait.ForAsync(Random.Next(100), Clock);
            await Wait.ForAsync(Random.Next(100), Clock);
        }
    }

    /// <summary>The next message of a key.</summary>
    public Envelope Next(string key, string topic = "a.b")
    {
        _sent[key] = _sent.GetValueOrDefault(key) + 1;
        return new Envelope
        {
            Id = EventId.Parse(FormattableString.Invariant($"message-{++_ids}")),
            Source = "/services/sender",
            Type = "sample.happened",
            Version = 1,
            Topic = topic,
            Key = key,
            Subject = _sent[key].ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Waits until the subscription has finished everything.</summary>
    public Task HandleAllAsync() => Wait.UntilAsync(
        () => Log.Outstanding("orders").Count == 0, Clock, () => $"{Log.Outstanding("orders").Count} of {Log.Messages.Count} messages to be finished");

    /// <summary>Fails unless every message was handled, in order, by one process at a time.</summary>
    public void AssertHandled()
    {
        Assert.Equal([], Ledger.Faults);
        Assert.All(_sent, sent => Assert.Equal(sent.Value, Ledger.HandledOf(sent.Key)));
    }

    private static async Task<bool> TrySendAsync(ITransportSender sender, Envelope[] messages)
    {
        try
        {
            return (await sender.SendAsync(messages, CancellationToken.None) ?? []).Count == 0;
        }
        catch (PublishFailedException error) when (error.IsOutcomeUnknown)
        {
            return false;
        }
    }
}
