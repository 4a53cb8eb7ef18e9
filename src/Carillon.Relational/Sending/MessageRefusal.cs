using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Why a message is not stored: it has a text that no database holds, or it is a command that nobody handles.</summary>
internal static class MessageRefusal
{
    /// <summary>Looks for what keeps a message out of a log.</summary>
    /// <returns>Null when nothing does.</returns>
    public static async ValueTask<PublishFailedException?> FindAsync(Session session, Log log, Envelope message, CancellationToken cancellation)
    {
        if (StorableText.FindFault(message) is { } attribute)
        {
            return new PublishFailedException(ErrorCodes.InvalidAttribute,
                $"{StorableText.Show(message.Type)} ({StorableText.Show(message.Id.ToString())}) was not stored: its {attribute} holds U+0000 or half of a surrogate pair, which no store can hold. Remove that and publish again.");
        }

        return message.Kind == MessageKind.Command && log == Log.Messages ? await CommandRefusal.FindAsync(session, message, cancellation) : null;
    }
}
