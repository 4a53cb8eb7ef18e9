using System.Collections.Concurrent;
using Carillon.Transports;

namespace Carillon.Tests.Publishing;

/// <summary>Many callers, cancelling and failing at random: every caller must be told the truth, and orders must hold.</summary>
public sealed class PublishStressTests
{
    private const int Callers = 8;
    private const int Messages = 1500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task PublishAsync_ShouldTellTheTruth_WhenManyCallersCancelAndFail(int seed)
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BufferMessages = 40, BatchMessages = 7, BatchBytes = 6000 }).Start();
        var stored = new ConcurrentDictionary<string, bool>();
        var chance = new Random(seed);
        fixture.Sender.Answer = (batch, _) => Answer(batch, chance.Next(8), stored);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Publish(fixture, caller, seed))));

        // Callers that gave up in flight do not wait for their batch; the buffer does.
        await PublishBatcherFixture.Until(() => fixture.Batcher.Count == 0, "everything is settled");
        Assert.False(fixture.Sender.Overlapped);
        foreach (var (key, outcome) in outcomes.SelectMany(pairs => pairs))
        {
            if (outcome == "stored")
                Assert.True(stored.ContainsKey(key), $"{key} was confirmed but is not stored.");
            if (outcome == "refused")
                Assert.False(stored.ContainsKey(key), $"{key} was refused but is stored.");
        }

        Assert.Equal(Callers * Messages, outcomes.Sum(pairs => pairs.Count));
        AssertOrder(fixture.Sender.Keys);
    }

    // Called by one at a time, so that the Random needs no lock.
    private static async ValueTask<IReadOnlyList<SendFailure>?> Answer(Envelope[] batch, int choice, ConcurrentDictionary<string, bool> stored)
    {
        if (choice is 1 or 2 or 3)
            await Task.Yield();
        if (choice == 4)
            throw new IOException("gone");
        var failed = choice == 5 ? batch.Length - 1 : -1;
        for (var i = 0; i < batch.Length; i++)
        {
            if (i != failed)
                stored[batch[i].Key!] = true;
        }

        return failed < 0 ? null : [new SendFailure(failed, new PublishFailedException(ErrorCodes.PublishFailed, "refused"))];
    }

    private static async Task<List<(string Key, string Outcome)>> Publish(PublishBatcherFixture fixture, int caller, int seed)
    {
        var random = new Random((seed * 100) + caller);
        List<(string Key, string Outcome)> outcomes = [];
        List<(string Key, Task Outcome, CancellationTokenSource? Cancellation)> pending = [];
        for (var i = 0; i < Messages; i++)
        {
            var key = $"{caller}/{i:D5}";
            var cancellation = random.Next(3) == 0 ? new CancellationTokenSource() : null;
            pending.Add((key, fixture.PublishUntil(key, cancellation?.Token ?? default, random.Next(2000)), cancellation));
            if (random.Next(2) == 0 && pending.Count < 20)
                continue;
            foreach (var call in pending)
                call.Cancellation?.Cancel();
            foreach (var call in pending)
                outcomes.Add((call.Key, await OutcomeOf(call.Outcome)));
            pending.Clear();
        }

        foreach (var call in pending)
            outcomes.Add((call.Key, await OutcomeOf(call.Outcome)));
        return outcomes;
    }

    private static async Task<string> OutcomeOf(Task outcome)
    {
        try
        {
            await PublishBatcherFixture.Soon(outcome);
            return "stored";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
        catch (PublishFailedException exception)
        {
            return exception.IsOutcomeUnknown ? "unknown" : "refused";
        }
    }

    private static void AssertOrder(IReadOnlyList<string?> keys)
    {
        foreach (var caller in keys.GroupBy(key => key![..1]))
            Assert.Equal(caller.Order(StringComparer.Ordinal), caller);
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }
}
