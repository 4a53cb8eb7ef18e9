namespace Carillon.Sqlite;

/// <summary>Gives a dead letter up; false when there is none of that number.</summary>
internal sealed class DeadLetterDiscard(long id) : WriteOperation<bool>
{
    public override bool Run(WriteSession session) => KeyOrder.Change(session, session.Prepare(ParkingSql.Discard).Set("parked", id));
}
