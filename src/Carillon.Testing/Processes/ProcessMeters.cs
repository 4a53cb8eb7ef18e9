using System.Diagnostics.Metrics;

namespace Carillon.Testing.Processes;

/// <summary>
/// The meters that a process has made. The runtime keeps every meter for ever that nobody disposes, with all that its gauges look at; a
/// process that is killed disposes nothing.
/// </summary>
internal sealed class ProcessMeters : IDisposable
{
    [ThreadStatic]
    private static ProcessMeters? _current;

    private static readonly MeterListener _listener = Listen();

    private readonly List<Meter> _meters = [];

    /// <summary>From now on it is this process that makes meters on this thread.</summary>
    public void Enter() => _current = this;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var meter in _meters)
            meter.Dispose();
        if (_current == this)
            _current = null;
    }

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, _) =>
            {
                if (_current is { } process && !process._meters.Contains(instrument.Meter))
                    process._meters.Add(instrument.Meter);
            },
        };
        listener.Start();
        return listener;
    }
}
