namespace Carillon.Sqlite;

/// <summary>Makes a dead letter due at once; false when there is none of that number.</summary>
internal sealed class DeadLetterReplay(long id) : WriteOperation<bool>
{
    public override bool Run(WriteSession session) =>
        KeyOrder.Change(session, session.Prepare(ParkingSql.Replay).Set("parked", id).Set("now", session.StoredNow));
}
