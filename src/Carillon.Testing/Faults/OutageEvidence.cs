using Carillon.Subscribing;
using Carillon.Testing.Processes;

namespace Carillon.Testing.Faults;

/// <summary>What a process has seen of an outage. Nobody can tell an outage from a bad message by a handful of failures.</summary>
internal sealed class OutageEvidence
{
    // As many as a circuit looks at, so that nothing before them counts any more.
    private const int Enough = 20;
    private const int EnoughKeys = 5;

    private readonly Dictionary<(SimulatedProcess Process, string Subscription, string? Type), (int Count, HashSet<string?> Keys)> _seen = [];
    private readonly Dictionary<(string Subscription, EventId Message), bool> _last = [];

    /// <summary>A handler fails, only because what it needs is away.</summary>
    public void Fail(SimulatedProcess process, EventContext context)
    {
        // A batch that fails says nothing yet: each of its messages is tried by itself then.
        if (((DeliveryContext)context).Batch is not null)
            return;
        var place = (process, context.Subscription, context.Envelope.Type);
        var (count, keys) = _seen.TryGetValue(place, out var seen) ? seen : (0, []);
        _last[(context.Subscription, context.Id)] = count >= Enough && keys.Count >= EnoughKeys;
        keys.Add(context.Envelope.Key);
        _seen[place] = (count + 1, keys);
    }

    /// <summary>A handler has what it needs.</summary>
    public void Pass(SimulatedProcess process, EventContext context) => _seen.Remove((process, context.Subscription, context.Envelope.Type));

    /// <summary>Whether that was plain to see before a message failed for the last time.</summary>
    public bool WasPlain(string subscription, EventId message) => _last.GetValueOrDefault((subscription, message));
}
