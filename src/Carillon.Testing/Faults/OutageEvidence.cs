using Carillon.Subscribing;
using Carillon.Testing.Processes;

namespace Carillon.Testing.Faults;

/// <summary>What a process has seen of an outage. Nobody can tell an outage from a bad message by a handful of failures.</summary>
internal sealed class OutageEvidence
{
    // The latest ones, as many as a circuit looks at: nothing before them counts any more.
    private const int Enough = 20;
    private const int EnoughKeys = 5;

    private readonly Dictionary<(SimulatedProcess Process, string Subscription, string? Type, int Version), Queue<string?>> _seen = [];
    private readonly Dictionary<(string Subscription, EventId Message), bool> _last = [];

    /// <summary>A handler fails, only because what it needs is away.</summary>
    public void Fail(SimulatedProcess process, EventContext context)
    {
        // A batch that fails says nothing yet: each of its messages is tried by itself then.
        if (((HandlerContext)context).Batch is not null)
            return;
        var place = (process, context.Subscription, context.Envelope.Type, context.Envelope.Version);
        if (!_seen.TryGetValue(place, out var keys))
            _seen.Add(place, keys = new Queue<string?>(Enough));
        _last[(context.Subscription, context.Id)] = keys.Count == Enough && keys.Distinct().Count() >= EnoughKeys;
        if (keys.Count == Enough)
            keys.Dequeue();
        keys.Enqueue(context.Envelope.Key);
    }

    /// <summary>A handler has what it needs.</summary>
    public void Pass(SimulatedProcess process, EventContext context) => _seen.Remove((process, context.Subscription, context.Envelope.Type, context.Envelope.Version));

    /// <summary>Whether that was plain to see before a message failed for the last time.</summary>
    public bool WasPlain(string subscription, EventId message) => _last.GetValueOrDefault((subscription, message));
}
