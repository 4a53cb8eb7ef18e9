using Carillon.Durability;

namespace Carillon.KillTests;

/// <summary>Kills or halts its own process when it has reached a failpoint for the given time.</summary>
internal static class FailpointTrap
{
    /// <summary>Sets the trap.</summary>
    /// <param name="plan">Where, and at which time.</param>
    /// <param name="process">The name of this process.</param>
    /// <param name="history">Where the kill is written down first.</param>
    public static void Set(PlannedFailpoint plan, string process, HistoryWriter history)
    {
        var reached = 0;
        Failpoint.Reached = name =>
        {
            if (name != plan.Name || Interlocked.Increment(ref reached) != plan.Hit)
                return;
            var step = plan.Halts ? HistoryStep.Halted : HistoryStep.Killed;
            history.Write(new HistoryLine { Step = step, Process = process, Failpoint = name, At = Clock.Now });
            if (plan.Halts)
                Signals.HaltSelf();
            else
                Signals.KillSelf();
        };
    }
}
