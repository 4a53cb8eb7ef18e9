using System.Collections.Concurrent;

namespace Carillon.Conformance.Transports;

/// <summary>Watches several sinks of one subscription: no key may be in two of them at once.</summary>
internal sealed class KeyWatch
{
    private readonly Dictionary<string, (RecordingSink Holder, int Open)> _held = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>What went wrong.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    public void Take(RecordingSink sink, Receipt receipt)
    {
        if (receipt.Envelope.Key is not { } key)
            return;
        lock (_gate)
        {
            var open = _held.TryGetValue(key, out var held) ? held.Open : 0;
            if (open > 0 && held.Holder != sink)
                Faults.Enqueue($"message {receipt} was handed over while another receiver still had {open} of its key");
            _held[key] = (sink, open + 1);
        }
    }

    public void Drop(Receipt receipt)
    {
        if (receipt.Envelope.Key is not { } key)
            return;
        lock (_gate)
            _held[key] = (_held[key].Holder, _held[key].Open - 1);
    }
}
