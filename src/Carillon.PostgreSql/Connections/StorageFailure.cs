using System.Net.Sockets;
using Carillon.Relational;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Says in words what the database or the driver said in numbers.</summary>
internal static class StorageFailure
{
    /// <summary>Whether an error comes from the database or from the way to it, and so has an explanation here.</summary>
    public static bool Explains(Exception error) => error is NpgsqlException or IOException or SocketException or TimeoutException;

    /// <summary>Explains an error.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="database">Server and database.</param>
    /// <param name="atCommit">Whether COMMIT had been sent.</param>
    public static StorageFailedException From(Exception error, string database, bool atCommit)
    {
        if (error is StorageFailedException known)
            return known;
        var cause = error is PostgresException reported ? ServerFailure.Of(reported) : ConnectionFailure.Of(error);
        return new StorageFailedException(cause.Code, $"{database}: {cause.What.TrimEnd('.')}.", error)
        {
            IsOutcomeUnknown = atCommit && cause.BreaksConnection,
            IsTransient = cause.IsTransient,
            ConcernsAll = cause.ConcernsAll,
            IsUnreachable = cause.BreaksConnection,
            IsForContent = error is PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] },
        };
    }
}
