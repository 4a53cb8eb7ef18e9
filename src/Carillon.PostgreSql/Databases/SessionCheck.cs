using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Makes sure that the connection string for sessions leads to the same tables as the service's own.</summary>
internal static class SessionCheck
{
    private const string Mark = "SELECT current_database() || ' ' || created FROM carillon_database";

    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>: it leads to others.</exception>
    /// <exception cref="CarillonException">The database cannot be used.</exception>
    public static async Task RunAsync(PostgreSqlConnections connections, SqlTexts texts, CancellationToken cancellation)
    {
        await using var session = await connections.OpenSessionAsync(cancellation);
        if (session is null)
            return;
        await using var own = await connections.OpenReservedAsync(cancellation);
        string? here;
        string? there;
        try
        {
            here = await FindAsync(own, texts, cancellation);
            there = await FindAsync(session, texts, cancellation);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.From(e, connections.SessionDatabase, atCommit: false);
        }

        if (here != there)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"Carillon:PostgreSql:{nameof(PostgreSqlOptions.SessionConnectionString)} leads to {connections.SessionDatabase}, where the tables of the schema \"{texts.Schema}\" are not those of {connections.Database}. Both must lead to one database.");
        }
    }

    private static async Task<string?> FindAsync(NpgsqlConnection connection, SqlTexts texts, CancellationToken cancellation)
    {
        using var session = new PostgreSqlSession(connection, texts);
        try
        {
            return await session.Prepare(Mark).TextAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return null;
        }
    }
}
