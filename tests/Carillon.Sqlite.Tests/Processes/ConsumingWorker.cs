using System.Globalization;

namespace Carillon.Sqlite.Tests;

/// <summary>
/// Receives for one subscription until its input ends, and says what it gets and when. Told to hold, it finishes nothing before the line
/// <c>finish</c>.
/// </summary>
internal static class ConsumingWorker
{
    public static async Task RunAsync(string connectionString, string subscription, int leaseMilliseconds, bool holds)
    {
        var topology = Messages.Subscription(subscription);
        await using var host = await TestHost.StartAsync(
            connectionString, Messages.Topology(topology), options =>
            {
                options.LeaseTime = TimeSpan.FromMilliseconds(leaseMilliseconds);
                options.BusyTimeout = TimeSpan.FromMilliseconds(Math.Min(leaseMilliseconds, options.BusyTimeout.TotalMilliseconds));
            });
        var sink = new RecordingSink
        {
            Acknowledges = !holds,
            OnDelivery = delivery => WorkerOutput.Say(
                "got", string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetTimestamp()} {delivery.Envelope.Key} {delivery.Envelope.Id}")),
            OnOwned = owned => WorkerOutput.Say("owns", owned.ToString(CultureInfo.InvariantCulture)),
        };
        await host.ReceiveAsync(topology, sink);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == "finish")
                sink.Settle(_ => true, acknowledge: true);
        }
    }
}
