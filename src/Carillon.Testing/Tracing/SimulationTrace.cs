using System.Globalization;
using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Tracing;

/// <summary>What happened in one run, in order, for people. Written only when somebody is going to read it.</summary>
internal sealed class SimulationTrace(SimulationScheduler scheduler, bool isWritten)
{
    private readonly List<TraceLine> _lines = [];

    /// <summary>Whether anything is written.</summary>
    public bool IsWritten => isWritten;

    /// <summary>Writes a line.</summary>
    /// <param name="who">Who does it.</param>
    /// <param name="what">What it does.</param>
    /// <param name="message">Which message it is about, or empty.</param>
    public void Write(string who, string what, EventId message = default)
    {
        if (isWritten)
            _lines.Add(new TraceLine(scheduler.NowTicks, who, what, message));
    }

    /// <summary>The lines about a message, and those about no message in particular; all of them when none is named.</summary>
    public string Print(EventId message)
    {
        var start = _lines is [var first, ..] ? first.At : 0;
        return string.Join('\n', _lines.Where(line => message.IsEmpty || line.Message.IsEmpty || line.Message == message)
            .Select(line => string.Create(CultureInfo.InvariantCulture, $"{TimeSpan.FromTicks(line.At - start).TotalSeconds,10:F4} s  {line.Who,-16} {line.What}")));
    }

    private readonly record struct TraceLine(long At, string Who, string What, EventId Message);
}
