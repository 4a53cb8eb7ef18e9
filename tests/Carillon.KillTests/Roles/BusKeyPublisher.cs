namespace Carillon.KillTests;

/// <summary>Publishes with the bus, several messages at a time and not awaited one by one, so that work is always under way.</summary>
internal sealed class BusKeyPublisher(
    string key, Generation generation, long last, IEventBus bus, HistoryWriter history, Random random, TimeSpan pause)
    : KeyPublisher(key, last, history, random, pause)
{
    protected override async Task PublishAsync(int count)
    {
        var versions = Enumerable.Range(0, count).Select(_ => Announce()).ToList();
        var publishing = versions.ConvertAll(version => (Version: version, Done: bus.PublishMovementAsync(Movements.Create(generation, Key, version)).AsTask()));
        foreach (var (version, done) in publishing)
        {
            try
            {
                await done;
                Acknowledge(version);
            }
            catch (PublishFailedException refused)
            {
                await Console.Error.WriteLineAsync($"{Key} version {version} was not acknowledged: {refused.Message}");
            }
        }
    }
}
