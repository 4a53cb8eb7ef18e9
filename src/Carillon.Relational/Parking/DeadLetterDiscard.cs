namespace Carillon.Relational;

/// <summary>Gives a dead letter up.</summary>
internal sealed class DeadLetterDiscard(long id) : DeadLetterChange(id)
{
    protected override ValueTask<Statement> PrepareAsync(WriteSession session, string subscription, CancellationToken cancellation) =>
        ValueTask.FromResult(session.Prepare(ParkingSql.Discard));
}
