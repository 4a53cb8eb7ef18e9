using Carillon.Scheduling;

namespace Carillon.Relational;

/// <summary>Puts messages on the schedule, all or none. What waits there already is scheduled anew.</summary>
internal sealed class ScheduleAddition(IReadOnlyList<ScheduledMessage> messages, Log log) : WriteOperation<bool>
{
    public override long Size => messages.Sum(message => 1024L + message.Envelope.Body.Length);

    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        foreach (var message in messages)
        {
            var added = await session.Prepare(ScheduleSql.Add)
                .Set("due", StoredTime.From(message.Due)).Set("log", log.Number).Set("identity", MessageIdentity.Of(message.Envelope)).SetEnvelope(message.Envelope).ExecuteAsync(cancellation);
            if (added == 0)
                throw ScheduleRefusal.AlreadyScheduled(message.Envelope);
        }

        return true;
    }
}
