using Carillon.Signalling;
using Microsoft.Extensions.Logging;

namespace Carillon.Scheduling;

/// <summary>
/// The schedule of one running service: refuses before the service has started and after it has stopped, and wakes its worker when
/// something is due so soon that the worker would come too late.
/// </summary>
internal sealed class ServiceSchedule(string service, TimeProvider time) : ISchedule
{
    private ISchedule? _schedule;

    /// <summary>Set when something was scheduled.</summary>
    public AsyncSignal Changed { get; } = new();

    /// <summary>Begins to keep messages in a store.</summary>
    public void Open(ISchedule schedule) => Volatile.Write(ref _schedule, schedule);

    /// <summary>Takes no more messages, and says so when that is the end of some.</summary>
    public void Close(ILogger logger)
    {
        if (Interlocked.Exchange(ref _schedule, null) is InMemorySchedule { Count: > 0 and var lost })
            SchedulingLog.LostInMemory(logger, service, lost);
    }

    /// <inheritdoc/>
    public async ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation)
    {
        await Running().AddAsync(messages, cancellation);
        if (messages.Min(message => message.Due) - time.GetUtcNow() < ScheduleWorker.LongestPause)
            Changed.Set();
    }

    /// <inheritdoc/>
    public ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation) => Running().CancelAsync(source, id, cancellation);

    /// <inheritdoc/>
    public ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation) => Running().ReleaseAsync(cancellation);

    private ISchedule Running() => Volatile.Read(ref _schedule) ?? throw new CarillonException(ErrorCodes.BusNotRunning,
        $"Service {service} does not run: schedule and cancel messages after the host has started and before it has stopped.");
}
