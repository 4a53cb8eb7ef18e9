using System.Globalization;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Finds out whether a pooler stands before the server. A pooler tells its clients process numbers that it made up, because cancelling goes through
/// it; the server tells its own. Which mode it is in shows when one client's session moves while another one's transaction is open.
/// </summary>
internal static class PoolerProbe
{
    // One is enough where nobody else uses the pooler. Where others do, a session may come back by chance, in about every second round; and to take a pooler in
    // transaction mode for one in session mode would let the statements of one client be run by another.
    private const int Rounds = 60;
    private const string Process = "SELECT pg_backend_pid()";

    /// <summary>Connects, and looks.</summary>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>: the pooler splits transactions.</exception>
    /// <exception cref="NpgsqlException">The server cannot be reached.</exception>
    public static async Task<PoolerMode> FindAsync(DatabaseLocation location, CancellationToken cancellation)
    {
        await using var source = new NpgsqlDataSourceBuilder(location.Single(PoolerMode.Transaction).ConnectionString).Build();
        await using var one = await source.OpenConnectionAsync(cancellation);
        if (await ProcessAsync(one, cancellation) == one.ProcessID)
            return PoolerMode.None;
        await using var other = await source.OpenConnectionAsync(cancellation);
        for (var round = 0; round < Rounds; round++)
        {
            if (await MovesAsync(one, other, location, cancellation))
                return PoolerMode.Transaction;
        }

        return PoolerMode.Session;
    }

    private static async Task<bool> MovesAsync(NpgsqlConnection one, NpgsqlConnection other, DatabaseLocation location, CancellationToken cancellation)
    {
        var before = await ProcessAsync(one, cancellation);
        // Where just two sessions take turns, the other client's transaction has the one in between each time.
        if (await ProcessAsync(one, cancellation) != before)
            return true;
        try
        {
            await using var transaction = await other.BeginTransactionAsync(cancellation);
            return await ProcessAsync(other, cancellation) == before || await ProcessAsync(one, cancellation) != before;
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("08", StringComparison.Ordinal))
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"The pooler before {location.Name} lets no transaction be open (statement pooling): {e.MessageText}. Set its pool_mode to transaction or session, or connect to the server itself.", e);
        }
    }

    private static async Task<int> ProcessAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Process, connection);
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }
}
