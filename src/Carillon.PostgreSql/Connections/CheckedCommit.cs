using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Commits, or fails. COMMIT alone does neither where an earlier statement of the transaction failed and somebody went on regardless: the server
/// rolls back and the driver reports success.
/// </summary>
internal static class CheckedCommit
{
    // The first is refused in a transaction that has failed, and then the second is not executed. Both go to the server at once.
    private const string Sql = "SELECT 1; COMMIT";

    /// <summary>Commits the transaction that the connection is in. A cancelled commit may have happened.</summary>
    /// <exception cref="PostgresException">Nothing is committed.</exception>
    /// <exception cref="NpgsqlException">The connection broke; nobody knows.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
