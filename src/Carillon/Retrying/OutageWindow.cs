namespace Carillon.Retrying;

/// <summary>The latest attempts at messages of one kind, or of all kinds in a service, and whether they look like an outage: nearly all fail, for one reason, whatever the message.</summary>
internal sealed class OutageWindow
{
    private const int Attempts = 20;
    private const int LeastAttempts = 10;
    private const int LeastMessages = 5;
    private const int LatestAttempts = 3;
    private const double FailureShare = 0.8;
    private const double AlikeShare = 0.5;
    private readonly Queue<Outcome> _latest = new(Attempts);

    /// <summary>Whether they look like an outage.</summary>
    public bool IsOutage
    {
        get
        {
            if (_latest.Count < LeastAttempts)
                return false;
            var failures = _latest.Where(static outcome => outcome.Error is not null).ToList();
            return failures.Count >= _latest.Count * FailureShare
                && failures.DistinctBy(static outcome => outcome.Key).Count() >= LeastMessages
                && failures.CountBy(static outcome => outcome.Error!).Max(static alike => alike.Value) >= failures.Count * AlikeShare;
        }
    }

    /// <summary>Whether the very latest have all failed.</summary>
    public bool FailsNow => _latest.TakeLast(LatestAttempts).All(static outcome => outcome.Error is not null);

    /// <summary>Whether they look like an outage that shows itself in errors of one type.</summary>
    public bool IsOutageOf(Type error) => IsOutage && _latest.Count(outcome => outcome.Error == error) >= _latest.Count(static outcome => outcome.Error is not null) * AlikeShare;

    public void Succeeded(long attempts)
    {
        for (var left = Math.Min(attempts, Attempts); left > 0; left--)
            Add(default);
    }

    public void Failed(string key, Type error) => Add(new Outcome(key, error));

    public void Clear() => _latest.Clear();

    private void Add(Outcome outcome)
    {
        if (_latest.Count == Attempts)
            _latest.Dequeue();
        _latest.Enqueue(outcome);
    }

    private readonly record struct Outcome(string? Key, Type? Error);
}
