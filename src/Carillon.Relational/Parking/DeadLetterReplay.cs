namespace Carillon.Relational;

/// <summary>Makes a dead letter due at once; false when there is none of that number.</summary>
internal sealed class DeadLetterReplay(long id) : WriteOperation<bool>
{
    public override ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation) =>
        KeyOrder.ChangeAsync(session, id, session.Prepare(ParkingSql.Replay).Set("now", session.StoredNow), cancellation);
}
