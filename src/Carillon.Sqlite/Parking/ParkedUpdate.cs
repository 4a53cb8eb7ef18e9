using Carillon.Parking;

namespace Carillon.Sqlite;

/// <summary>Writes down what became of a claimed message. Nothing happens when somebody else holds it by now.</summary>
internal sealed class ParkedUpdate(ParkedMessage message, long? claim) : WriteOperation<bool>
{
    public override bool Run(WriteSession session) => KeyOrder.Change(session, session.Prepare(ParkingSql.Update)
        .Set("parked", message.Id)
        .Set("claim", claim)
        .Set("now", session.StoredNow)
        .Set("state", (int)message.State)
        .Set("due", StoredTime.From(message.Due))
        .Set("blocks", message.BlocksKey ? 1 : 0)
        .Set("code", message.Code)
        .Set("reason", message.Reason)
        .Set("attempts", AttemptJson.Write(message.Attempts)));
}
