namespace Carillon.Relational;

/// <summary>Changes one dead letter as a person wants it; false when there is none of that number.</summary>
internal abstract class DeadLetterChange(long id) : WriteOperation<bool>
{
    public sealed override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        string subscription, partition;
        await using (var place = await session.Prepare(ParkingSql.Place).Set("parked", id).ReadAsync(cancellation))
        {
            if (!await place.NextAsync(cancellation))
                return false;
            (subscription, partition) = (place.Text(0), place.Text(1));
        }

        await ParkingAccess.LockAsync(session, subscription, partition, cancellation);
        var statement = await PrepareAsync(session, subscription, cancellation);
        string? key;
        await using (var changed = await statement.Set("parked", id).ReadAsync(cancellation))
        {
            if (!await changed.NextAsync(cancellation))
                return false;
            key = changed.TextOrNull(0);
        }

        if (key is not null)
            await KeyOrder.RestoreAsync(session, subscription, partition, key, cancellation);
        session.Changed(DatabaseChange.Parking);
        return true;
    }

    /// <summary>The statement that changes the letter <c>@parked</c> and returns its key.</summary>
    protected abstract ValueTask<Statement> PrepareAsync(WriteSession session, string subscription, CancellationToken cancellation);
}
