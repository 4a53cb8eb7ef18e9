using Carillon.Scheduling;
using Carillon.Transports;

namespace Carillon.Publishing;

/// <summary>Puts messages of one service on its schedule, in the unit of work of the calling code where there is one, and takes them off again.</summary>
internal sealed class DelayedPublisher(string service, ISchedule schedule, PublishBatcher batcher, UnitsOfWork units, TimeProvider time)
{
    /// <summary>Schedules a message, or publishes it when its time is over. One that may wait already is scheduled in either case: beside that it would be a second one.</summary>
    public ValueTask ScheduleAsync(in Envelope envelope, DateTimeOffset at, bool mayWait, OverloadBehavior? overload, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (at <= now && !mayWait)
            return units.TryJoin(envelope, isOutside: false) ? ValueTask.CompletedTask : batcher.PublishAsync(envelope, overload, cancellation);
        at = at < now ? now : at;
        var message = new ScheduledMessage(envelope with { ExpiryTime = ExpiryAfter(envelope, at) }, at.ToUniversalTime());
        return units.TrySchedule(message) ? ValueTask.CompletedTask : schedule.AddAsync([message], cancellation);
    }

    /// <summary>Takes a message off the schedule.</summary>
    /// <returns>False when there is none of that id.</returns>
    public ValueTask<bool> CancelAsync(EventId id, CancellationToken cancellation)
    {
        // Nothing of such a name was ever scheduled, and a database that is asked for it would end its transaction.
        if (!StorableText.IsStorable(id.ToString()))
            return ValueTask.FromResult(false);
        if (SurroundingScope.Exists)
            return ValueTask.FromException<bool>(SurroundingScope.Refusal($"{id} is cancelled"));
        var source = EnvelopeFactory.SourceOf(service);
        return AmbientContext.UnitOfWork is { } work ? work.CancelScheduledAsync(service, source, id, cancellation) : schedule.CancelAsync(source, id, cancellation);
    }

    /// <summary>A message that waits is not getting old yet.</summary>
    private static DateTimeOffset? ExpiryAfter(in Envelope envelope, DateTimeOffset at) =>
        envelope.ExpiryTime - envelope.Time is { } lifetime && lifetime < DateTimeOffset.MaxValue - at ? at.ToUniversalTime() + lifetime : null;
}
