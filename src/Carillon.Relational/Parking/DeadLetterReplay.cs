namespace Carillon.Relational;

/// <summary>Makes a dead letter due at once, and gives the replay a number by which owners hear of it.</summary>
internal sealed class DeadLetterReplay(long id) : DeadLetterChange(id)
{
    protected override async ValueTask<Statement> PrepareAsync(WriteSession session, string subscription, CancellationToken cancellation)
    {
        var number = await session.Prepare(ParkingSql.NextReplay).Set("subscription", subscription).NumberAsync(cancellation);
        return session.Prepare(ParkingSql.Replay).Set("number", number).Set("now", session.StoredNow);
    }
}
