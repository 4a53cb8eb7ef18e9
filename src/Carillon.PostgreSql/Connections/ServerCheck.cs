using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Looks at the server behind a new connection: whether it can be written to, and whether it is recent enough.</summary>
internal static class ServerCheck
{
    // The first with gen_random_uuid; older ones get no repairs any more.
    private const int OldestMajor = 13;
    private const string Sql = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::boolean, current_setting('server_encoding')";
    private const string Unicode = "UTF8";

    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.NotPrimary"/>, <see cref="ErrorCodes.UnsupportedServer"/> or <see cref="ErrorCodes.UnsupportedEncoding"/>.
    /// </exception>
    public static void Run(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Sql, connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        JudgeEncoding(reader.GetString(2), Place(connection));
        Judge(connection.PostgreSqlVersion, isStandby: reader.GetBoolean(0), isReadOnly: reader.GetBoolean(1), Place(connection));
    }

    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.NotPrimary"/>, <see cref="ErrorCodes.UnsupportedServer"/> or <see cref="ErrorCodes.UnsupportedEncoding"/>.
    /// </exception>
    public static async Task RunAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        JudgeEncoding(reader.GetString(2), Place(connection));
        Judge(connection.PostgreSqlVersion, isStandby: reader.GetBoolean(0), isReadOnly: reader.GetBoolean(1), Place(connection));
    }

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.NotPrimary"/> or <see cref="ErrorCodes.UnsupportedServer"/>.</exception>
    public static void Judge(Version version, bool isStandby, bool isReadOnly, string place)
    {
        if (version.Major < OldestMajor)
        {
            throw new CarillonException(ErrorCodes.UnsupportedServer,
                $"The server {place} is PostgreSQL {version}, but at least {OldestMajor} is needed. Update the server.");
        }

        if (isStandby)
        {
            throw new CarillonException(ErrorCodes.NotPrimary,
                $"The server {place} is a standby: it only repeats what its primary writes. Connect to the primary; with several servers in the connection "
                + "string (Host=one,two) it is found by itself.");
        }

        if (isReadOnly)
        {
            throw new CarillonException(ErrorCodes.NotPrimary,
                $"The server {place} lets this user only read. Look at default_transaction_read_only of the server, the database and the role.");
        }
    }

    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.UnsupportedEncoding"/>.</exception>
    public static void JudgeEncoding(string encoding, string place)
    {
        if (encoding != Unicode)
        {
            throw new CarillonConfigurationException(ErrorCodes.UnsupportedEncoding,
                $"The database {place} has the encoding {encoding}, which cannot hold every text of a message. Create one with CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0, and move what is in the old one with pg_dump.");
        }
    }

    private static string Place(NpgsqlConnection connection) => $"{connection.Host}:{connection.Port}/{connection.Database}";
}
