using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Writes down what became of a claimed message. Nothing happens when somebody else holds it by now.</summary>
internal sealed class ParkedUpdate(ParkedMessage message, long? claim) : WriteOperation<bool>
{
    public override ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation) => KeyOrder.ChangeAsync(
        session,
        message.Id,
        session.Prepare(ParkingSql.Update)
            .Set("claim", claim)
            .Set("now", session.StoredNow)
            .Set("state", (int)message.State)
            .Set("due", session.Stored(message.Due))
            .Set("blocks", message.BlocksKey ? 1 : 0)
            .Set("code", message.Code)
            .Set("reason", message.Reason)
            .Set("attempts", AttemptJson.Write(message.Attempts)),
        cancellation);
}
