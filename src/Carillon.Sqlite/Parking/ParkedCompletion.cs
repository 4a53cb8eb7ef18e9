namespace Carillon.Sqlite;

/// <summary>Removes messages that are finished.</summary>
internal sealed class ParkedCompletion(IReadOnlyList<long> ids) : WriteOperation<bool>
{
    public override bool Run(WriteSession session)
    {
        foreach (var id in ids)
            KeyOrder.Change(session, session.Prepare(ParkingSql.Complete).Set("parked", id));
        return true;
    }
}
