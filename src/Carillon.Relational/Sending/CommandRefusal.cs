namespace Carillon.Relational;

/// <summary>Why a command is not stored: nobody handles it.</summary>
internal static class CommandRefusal
{
    /// <summary>Looks for the subscription that handles a command.</summary>
    /// <returns>Null when there is one.</returns>
    public static async ValueTask<PublishFailedException?> FindAsync(Session session, Envelope command, CancellationToken cancellation)
    {
        var service = command.Topic is { } topic
            ? await session.Prepare(TopologySql.CommandService).Set("topic", topic).TextAsync(cancellation)
            : null;
        if (service is not null && (command.Destination is null || command.Destination == service))
            return null;
        var where = command.Destination is { } destination ? $"no subscription of the service {destination}" : "no subscription";
        return new PublishFailedException(ErrorCodes.NoCommandHandler,
            $"The command {command.Type} ({command.Id}) was not stored: {where} handles {command.Topic}. Start the service that handles it once, then send again.");
    }
}
