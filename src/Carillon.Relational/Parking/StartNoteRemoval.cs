using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Removes all notes that a message is being handled. False when the partition has another owner.</summary>
internal sealed class StartNoteRemoval(ParkingOwner owner, string identity) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        if (!await ParkingAccess.TryEnterAsync(session, owner, cancellation))
            return false;
        await session.Prepare(ParkingSql.RemoveStartsOf)
            .Set("subscription", owner.Subscription).Set("partition", owner.Partition).Set("identity", identity).ExecuteAsync(cancellation);
        return true;
    }
}
