namespace Carillon.Relational;

/// <summary>Removes messages that are finished.</summary>
internal sealed class ParkedCompletion(IReadOnlyList<long> ids) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        foreach (var id in ids)
            await KeyOrder.ChangeAsync(session, id, session.Prepare(ParkingSql.Complete), cancellation);
        return true;
    }
}
