using System.Collections.Concurrent;

namespace Carillon.Retrying;

/// <summary>
/// What the attempts at messages of all kinds, in all subscriptions of a service, say together: handlers of several kinds often need the same, and of
/// each kind alone too few messages may come to tell an outage.
/// </summary>
internal sealed class OutageSigns
{
    private readonly ConcurrentBag<OutageCircuit> _circuits = [];
    private readonly OutageWindow _window = new();
    private readonly Lock _gate = new();
    private long _successesSeen;

    /// <summary>Takes the successes of one more kind into account.</summary>
    public void Add(OutageCircuit circuit) => _circuits.Add(circuit);

    /// <summary>An attempt at a message of any kind failed.</summary>
    /// <returns>Whether all together look like an outage that shows itself in errors of this type, or one is known already.</returns>
    public bool Failed(string key, Type error)
    {
        lock (_gate)
        {
            var successes = _circuits.Sum(static circuit => circuit.Successes);
            _window.Succeeded(successes - _successesSeen);
            _successesSeen = successes;
            _window.Failed(key, error);
            // Those kinds whose outage is known make no attempts any more that would show it.
            return _window.IsOutageOf(error) || _circuits.Any(circuit => circuit.Outage?.Error.GetType() == error);
        }
    }
}
