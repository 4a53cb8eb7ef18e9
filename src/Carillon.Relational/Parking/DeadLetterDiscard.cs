namespace Carillon.Relational;

/// <summary>Gives a dead letter up; false when there is none of that number.</summary>
internal sealed class DeadLetterDiscard(long id) : WriteOperation<bool>
{
    public override ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation) =>
        KeyOrder.ChangeAsync(session, id, session.Prepare(ParkingSql.Discard), cancellation);
}
