using System.Globalization;

namespace Carillon.Sqlite.Tests;

/// <summary>Publishes one message after another until it is killed, and says before and after each which one.</summary>
internal static class PublishingWorker
{
    private const int Keys = 7;

    public static async Task RunAsync(string connectionString, string name)
    {
        await using var host = await TestHost.StartAsync(connectionString, Messages.Topology());
        var senders = await Task.WhenAll(Enumerable.Range(0, Keys).Select(_ => host.OpenSenderAsync()));
        await Task.WhenAll(senders.Select(async (sender, key) =>
        {
            for (var i = 0; ; i++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{name}/{key}/{i:D6}");
                WorkerOutput.Say("try", id);
                await sender.SendAsync(new[] { Messages.Event(id, $"key-{key}") }, CancellationToken.None);
                WorkerOutput.Say("stored", id);
            }
        }));
    }
}
