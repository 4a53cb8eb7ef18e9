namespace Carillon.KillTests;

/// <summary>
/// Publishes the messages of one key: several at a time and not awaited one by one, so that work is always under way, each with a line in the
/// history before and after. What was not acknowledged is never published again: it may have been stored.
/// </summary>
internal sealed class KeyPublisher(
    string key, Generation generation, long last, IEventBus bus, HistoryWriter history, Random random, TimeSpan pause)
{
    /// <summary>How many messages are published in a row, at most.</summary>
    public const int MostInARow = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private long _version = last;

    /// <summary>Publishes until it is asked to stop; what it began, it finishes.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        for (var mean = FirstPause; await Patience.PauseAsync(mean * (2 * random.NextDouble()), stopping); mean = pause)
            await PublishAsync(1 + random.Next(MostInARow));
    }

    private async Task PublishAsync(int count)
    {
        var versions = Enumerable.Range(0, count).Select(_ => ++_version).ToList();
        foreach (var version in versions)
            history.Write(new HistoryLine { Step = HistoryStep.Intent, Key = key, Version = version, At = Clock.Now });
        var publishing = versions.ConvertAll(version => (Version: version, Done: bus.PublishAsync(Movements.Create(generation, key, version)).AsTask()));
        foreach (var (version, done) in publishing)
        {
            try
            {
                await done;
                history.Write(new HistoryLine { Step = HistoryStep.Acknowledged, Key = key, Version = version, At = Clock.Now });
            }
            catch (PublishFailedException refused)
            {
                await Console.Error.WriteLineAsync($"{key} version {version} was not acknowledged: {refused.Message}");
            }
        }
    }
}
