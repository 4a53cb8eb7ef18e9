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
    private const string Marked = $"{TransactionMark.Require}; COMMIT";

    /// <summary>Commits the transaction that the connection is in. A cancelled commit may have happened.</summary>
    /// <exception cref="PostgresException">Nothing is committed.</exception>
    /// <exception cref="NpgsqlException">The connection broke; nobody knows.</exception>
    public static Task RunAsync(NpgsqlConnection connection, CancellationToken cancellation) => RunAsync(Sql, connection, cancellation);

    /// <summary>The same for a transaction that Carillon began and in which the user worked, who may have ended it.</summary>
    /// <exception cref="PostgresException">Nothing is committed; also as <see cref="TransactionMark.IsMissing"/> says.</exception>
    /// <exception cref="NpgsqlException">The connection broke; nobody knows.</exception>
    public static Task RunMarkedAsync(NpgsqlConnection connection, CancellationToken cancellation) => RunAsync(Marked, connection, cancellation);

    private static async Task RunAsync(string sql, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
