using Carillon.Scheduling;

namespace Carillon.Tests.Hosting;

/// <summary>A schedule on which nothing is ever due.</summary>
internal sealed class IdleSchedule : ISchedule
{
    public ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation) => new(false);

    public ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation) => default;
}
