using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Notes that a message is about to be handled. False when the partition has another owner.</summary>
internal sealed class StartNote(ParkingOwner owner, string identity) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        if (!await ParkingAccess.TryEnterAsync(session, owner, cancellation))
            return false;
        await session.Prepare(ParkingSql.NoteStart)
            .Set("subscription", owner.Subscription).Set("partition", owner.Partition).Set("identity", identity).Set("epoch", owner.Epoch).ExecuteAsync(cancellation);
        return true;
    }
}
