using Carillon.Subscribing;
using Carillon.Testing.Processes;

namespace Carillon.Testing.Faults;

/// <summary>What a process has seen of an outage. Nobody can tell an outage from a bad message by a handful of failures.</summary>
internal sealed class OutageEvidence
{
    // The latest ones, as many as a circuit looks at: nothing before them counts any more.
    private const int Enough = 20;
    private const int EnoughKeys = 5;

    private readonly Dictionary<(SimulatedProcess Process, string Subscription, string? Type, int Version), Attempts> _seen = [];
    private readonly Dictionary<(string Subscription, EventId Message, int Attempt), bool> _plain = [];

    /// <summary>A handler fails, only because what it needs is away.</summary>
    public void Fail(SimulatedProcess process, EventContext context)
    {
        // A batch that fails says nothing yet: each of its messages is tried by itself then.
        if (((HandlerContext)context).Batch is not null)
            return;
        var place = (process, context.Subscription, context.Envelope.Type, context.Envelope.Version);
        if (!_seen.TryGetValue(place, out var attempts))
            _seen.Add(place, attempts = new Attempts());
        // What is delivered once more is attempted once more, perhaps long after what came of it the first time.
        var attempt = (context.Subscription, context.Id, context.Attempt);
        _plain[attempt] = attempts.Fail(context) && _plain.GetValueOrDefault(attempt, true);
    }

    /// <summary>A handler has what it needs.</summary>
    public void Pass(SimulatedProcess process, EventContext context) => _seen.Remove((process, context.Subscription, context.Envelope.Type, context.Envelope.Version));

    /// <summary>Whether that was plain to see before an attempt at a message failed.</summary>
    public bool WasPlain(string subscription, EventId message, int attempt) => _plain.GetValueOrDefault((subscription, message, attempt));

    private sealed class Attempts
    {
        private readonly HashSet<EventId> _underWay = [];
        private readonly Queue<string?> _known = new(Enough);

        /// <summary>A handler fails. That is surely known only when the message is tried again: its transaction may take long to be rolled back.</summary>
        /// <returns>Whether an outage was plain to see before.</returns>
        public bool Fail(EventContext context)
        {
            if (!_underWay.Add(context.Id))
            {
                if (_known.Count == Enough)
                    _known.Dequeue();
                _known.Enqueue(context.Envelope.Key);
            }

            return _known.Count == Enough && _known.Distinct().Count() >= EnoughKeys;
        }
    }
}
