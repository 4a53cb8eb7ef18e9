namespace Carillon.KillTests.Tests;

/// <summary>A history as a test wants it: sound by itself, so that each test plants its one violation.</summary>
internal sealed class Recording
{
    private long _position;

    public History History { get; } = new();

    /// <summary>Messages of a key that were published, acknowledged and handled once in both subscriptions, in order.</summary>
    public static Recording Sound(params ReadOnlySpan<long> versions)
    {
        var recording = new Recording();
        foreach (var version in versions)
            recording.Acknowledge("key", version).Happen(Subscriptions.Ledger, "key", version).Happen(Subscriptions.Audit, "key", version);
        return recording;
    }

    public Recording Try(string key, long version)
    {
        History.Add(new HistoryLine { Step = HistoryStep.Intent, Key = key, Version = version });
        return this;
    }

    public Recording Acknowledge(string key, long version)
    {
        Try(key, version);
        History.Add(new HistoryLine { Step = HistoryStep.Acknowledged, Key = key, Version = version });
        return this;
    }

    public Recording Discard(string key, long version)
    {
        History.Add(new HistoryLine { Step = HistoryStep.Discarded, Key = key, Version = version });
        return this;
    }

    public Recording Book(string key, long version)
    {
        History.Bookings = new HashSet<(string Key, long Version)>(History.Bookings) { (key, version) };
        return this;
    }

    public Recording Kill(string process, long at, string? failpoint = null)
    {
        History.Add(new HistoryLine { Step = HistoryStep.Killed, Process = process, At = at, Failpoint = failpoint });
        return this;
    }

    public Recording Happen(string subscription, string key, long version, string? message = null, string process = "handler", long at = 0)
    {
        _position++;
        History.Add([new Effect(_position, subscription, key, version, message ?? $"{subscription} {key} {version}", process, at)]);
        return this;
    }

    public Recording Bury(string subscription, string key, long version)
    {
        History.Add(new HashSet<Happening> { new(subscription, key, version) });
        return this;
    }
}
