using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Takes back what one owner has noted about a message, whoever has the partition by now.</summary>
internal sealed class StartNoteWithdrawal(ParkingOwner owner, string identity) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.Prepare(ParkingSql.WithdrawStart)
            .Set("subscription", owner.Subscription).Set("partition", owner.Partition).Set("identity", identity).Set("epoch", owner.Epoch).ExecuteAsync(cancellation);
        return true;
    }
}
