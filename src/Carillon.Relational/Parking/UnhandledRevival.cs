using System.Text.Json;
using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>
/// Makes due, and lets hold up its key again, some of what waited in a partition for an instance that can handle it. False when the partition has another owner. An owner that
/// revives begins with nothing before all is revived, and so does the next one: where it is cut off in between, no message passes another of its key.
/// </summary>
internal sealed class UnhandledRevival(ParkingOwner owner, IReadOnlyList<UnhandledMessage> messages) : WriteOperation<bool>
{
    public override long Size => 256L * (1 + messages.Count);

    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        if (!await ParkingAccess.TryEnterAsync(session, owner, cancellation))
            return false;
        await session.Prepare(ParkingSql.Of(session).Revive).Set("now", session.StoredNow)
            .Set("revived", JsonSerializer.Serialize([.. messages.Select(static message => message.Parked)], ParkingJsonContext.Default.IReadOnlyListInt64)).ExecuteAsync(cancellation);
        await KeyOrder.RestoreAsync(session, owner, messages.Select(static message => message.Key), cancellation);
        session.Changed(DatabaseChange.Parking);
        return true;
    }
}
