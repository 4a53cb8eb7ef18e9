namespace Carillon.Scheduling;

/// <summary>What one look at the schedule did.</summary>
/// <param name="Released">How many messages were published.</param>
/// <param name="Next">When the next message is due, counted from now; zero when more are due already, null when there is none.</param>
public readonly record struct ScheduleRelease(int Released, TimeSpan? Next);
