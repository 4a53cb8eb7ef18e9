using System.Net.Sockets;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>The database did not do what was asked of it. Callers turn it into what their own contract promises.</summary>
internal sealed class StorageFailedException : CarillonException
{
    private StorageFailedException(string code, string message, Exception inner)
        : base(code, message, inner) => Reason = message;

    /// <summary>The message without its code.</summary>
    public string Reason { get; }

    /// <summary>Whether the transaction may have been committed all the same.</summary>
    public bool IsOutcomeUnknown { get; private init; }

    /// <summary>Whether the same may succeed before long without anybody changing anything.</summary>
    public bool IsTransient { get; private init; }

    /// <summary>Whether everything else would fail the same way now.</summary>
    public bool ConcernsAll { get; private init; }

    /// <summary>Whether an error comes from the database or from the way to it, and so has an explanation here.</summary>
    public static bool Explains(Exception error) => error is NpgsqlException or IOException or SocketException or TimeoutException;

    /// <summary>Says in words what the database or the driver said in numbers.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="database">Server and database.</param>
    /// <param name="atCommit">Whether COMMIT had been sent.</param>
    public static StorageFailedException From(Exception error, string database, bool atCommit)
    {
        if (error is StorageFailedException known)
            return known;
        var cause = error is PostgresException reported ? ServerFailure.Of(reported) : ConnectionFailure.Of(error);
        return new StorageFailedException(cause.Code, $"{database}: {cause.What}.", error)
        {
            IsOutcomeUnknown = atCommit && cause.BreaksConnection,
            IsTransient = cause.IsTransient,
            ConcernsAll = cause.ConcernsAll,
        };
    }
}
