using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>What the errors mean that come from the way to the server.</summary>
internal static class ConnectionFailure
{
    // The driver has no other sign for it; a test on the real driver notices when the words change. They are not how connection strings call it.
    private const string PoolWords = "Max Pool Size";

    public static FailureCause Of(Exception error)
    {
        if (error is NpgsqlException && error.Message.Contains(PoolWords, StringComparison.Ordinal))
        {
            return new FailureCause(ErrorCodes.ConnectionsExhausted,
                "all connections of the pool are in use and none came back in time. Raise \"Maximum Pool Size\" in the connection string, or find who keeps connections open", true, true);
        }

        return IsTimeout(error)
            ? new FailureCause(ErrorCodes.StorageFailed, "the server did not answer in time. Look at its load and at the network", true, true, BreaksConnection: true)
            : new FailureCause(ErrorCodes.StorageFailed, $"the server cannot be reached, or the connection broke: {Innermost(error).Message}", true, true, BreaksConnection: true);
    }

    private static bool IsTimeout(Exception error) => error is TimeoutException || error.InnerException is TimeoutException;

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
