using System.Diagnostics;
using Carillon.Durability;

namespace Carillon.Publishing;

/// <summary>
/// Units of work that have begun and were not used yet where they are ambient. One that a method began and returned is among them for good, so
/// whoever publishes beside it is found out, as far as the two can be known to belong together: by the handler or the activity that they run in.
/// </summary>
internal sealed class UnclaimedUnits
{
    private readonly Lock _gate = new();
    private readonly List<(OutgoingMessages Work, object? Origin)> _units = [];
    private volatile int _count;

    /// <summary>What the calling code runs in, before it enters anything.</summary>
    public static object? Origin => AmbientContext.Entered ?? (object?)Activity.Current;

    /// <summary>A unit of work has begun.</summary>
    public void Add(OutgoingMessages work, object? origin)
    {
        if (origin is null)
            return;
        lock (_gate)
        {
            _units.Add((work, origin));
            _count = _units.Count;
        }
    }

    /// <summary>A unit of work is used where it is ambient, or has ended.</summary>
    public void Remove(OutgoingMessages work)
    {
        if (_count == 0)
            return;
        lock (_gate)
        {
            _units.RemoveAll(unit => ReferenceEquals(unit.Work, work));
            _count = _units.Count;
        }
    }

    /// <summary>Whether code that is in no unit of work runs where one was begun that nobody uses.</summary>
    public bool AreHere() => _count > 0 && Origin is { } here && AreWithin(here);

    private bool AreWithin(object here)
    {
        lock (_gate)
            return _units.Exists(unit => IsWithin(unit.Origin, here));
    }

    // The method that began it may have had an activity of its own, below the one of its caller.
    private static bool IsWithin(object? origin, object here)
    {
        while (!ReferenceEquals(origin, here))
        {
            if (origin is not Activity { Parent: { } parent })
                return false;
            origin = parent;
        }

        return true;
    }
}
