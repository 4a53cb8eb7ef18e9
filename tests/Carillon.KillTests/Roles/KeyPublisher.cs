namespace Carillon.KillTests;

/// <summary>
/// Publishes the messages of one key, several in a row, each with a line in the history before and after. What was not acknowledged is never published
/// again: it may have been stored.
/// </summary>
internal abstract class KeyPublisher(string key, long last, HistoryWriter history, Random random, TimeSpan pause)
{
    /// <summary>How many messages are published in a row, at most.</summary>
    public const int MostInARow = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private long _version = last;

    /// <summary>The key.</summary>
    protected string Key => key;

    /// <summary>Draws what is left to chance.</summary>
    protected Random Random => random;

    /// <summary>Publishes until it is asked to stop; what it began, it finishes.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        for (var mean = FirstPause; await Patience.PauseAsync(mean * (2 * random.NextDouble()), stopping); mean = pause)
            await PublishAsync(1 + random.Next(MostInARow));
    }

    /// <summary>Publishes so many messages in a row.</summary>
    protected abstract Task PublishAsync(int count);

    /// <summary>Writes down that the next message is about to be published, or published and rolled back.</summary>
    /// <returns>Which one of its key it is.</returns>
    protected long Announce(HistoryStep step = HistoryStep.Intent)
    {
        Write(step, ++_version);
        return _version;
    }

    /// <summary>Writes down that a message must not be lost from now on.</summary>
    protected void Acknowledge(long version) => Write(HistoryStep.Acknowledged, version);

    private void Write(HistoryStep step, long version) => history.Write(new HistoryLine { Step = step, Key = key, Version = version, At = Clock.Now });
}
