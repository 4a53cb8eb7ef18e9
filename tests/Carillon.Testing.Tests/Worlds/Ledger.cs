namespace Carillon.Testing.Tests.Worlds;

/// <summary>What was handled, and what of it was wrong: a key in two places at once, or a message before an earlier one of its key.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<string, string> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _handled = new(StringComparer.Ordinal);

    /// <summary>What was wrong.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>How many handler runs were completed.</summary>
    public int Completed { get; private set; }

    /// <summary>Somebody begins with the message of a number of a key; numbers count from 1.</summary>
    public void Begin(string who, string key, int number)
    {
        if (!_running.TryAdd(key, who))
            Faults.Add($"{who} began with {key}/{number} while {_running[key]} had the key in hand");
        if (number > _handled.GetValueOrDefault(key) + 1)
            Faults.Add($"{who} began with {key}/{number}, but only {_handled.GetValueOrDefault(key)} had been handled");
    }

    /// <summary>Somebody ends with a message.</summary>
    public void End(string key, int number, bool isHandled)
    {
        _running.Remove(key);
        if (!isHandled)
            return;
        Completed++;
        _handled[key] = Math.Max(_handled.GetValueOrDefault(key), number);
    }

    /// <summary>Somebody is dead.</summary>
    public void Bury(string who)
    {
        foreach (var key in _running.Where(running => running.Value == who).Select(running => running.Key).ToList())
            _running.Remove(key);
    }

    /// <summary>Up to which message each key was handled.</summary>
    public int HandledOf(string key) => _handled.GetValueOrDefault(key);
}
