namespace Carillon.Properties.Tests.Scheduling;

internal enum ScheduleAct
{
    Add,

    /// <summary>A command that nobody handles: it cannot be published.</summary>
    AddCommand,

    Cancel,

    Release,

    Wait,

    /// <summary>The process ends and another one takes its place.</summary>
    Restart,
}
