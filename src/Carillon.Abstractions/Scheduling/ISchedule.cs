namespace Carillon.Scheduling;

/// <summary>
/// Keeps messages until they are due, in the store of the transport or of its outbox, so that a due message moves there in one step: it is
/// never in both places and never in none. Safe to call by several callers at once, and by every process that shares the store.
/// </summary>
public interface ISchedule
{
    /// <summary>
    /// Adds messages, all or none, durably where the store is durable. A message of a source and id that waits already, with the same content
    /// (<see cref="ScheduleRefusal.IsSame"/>), is still one message: it is published once, as and when the last call says. One that was published before is published again.
    /// </summary>
    /// <exception cref="PublishFailedException">
    /// Nothing was stored, unless it says that the outcome is unknown. With <see cref="ErrorCodes.AlreadyScheduled"/>: another content waits under that source and id.
    /// </exception>
    ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation);

    /// <summary>Takes a message off the schedule.</summary>
    /// <param name="source">The service that scheduled it (<see cref="Envelope.Source"/>).</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>
    /// True: it is never published. False: it was published or cancelled before, is being published or cancelled at this moment, or was never scheduled.
    /// </returns>
    ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation);

    /// <summary>
    /// Publishes some of what is due, the earliest first, of whichever service. A message that cannot be published stays with its reason, is
    /// tried again later, and stops no other.
    /// </summary>
    ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation);
}
