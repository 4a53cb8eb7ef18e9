using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>What is known of a file once its tables are in place.</summary>
/// <param name="Partitions">Its number of partitions.</param>
/// <param name="Process">A name for this process that no other one has.</param>
internal sealed record OpenedSchema(int Partitions, string Process)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task<OpenedSchema> OpenAsync(ConnectionFactory factory, int partitions, TimeProvider time)
    {
        using var connection = Connect(factory);
        var began = time.GetTimestamp();
        while (connection.Run("BEGIN IMMEDIATE") is not raw.SQLITE_OK and var code)
        {
            if (code != raw.SQLITE_BUSY || time.GetElapsedTime(began) > factory.BusyTimeout)
                throw Refuse(factory, connection.LastError(code));
            await Task.Delay(Pause, time);
        }

        try
        {
            var stored = SchemaMigration.Apply(connection, factory.Path, partitions, time.GetUtcNow());
            var process = connection.Prepare(SqliteDialect.Instance.NewName).Text()!;
            if (connection.Run("COMMIT") is not raw.SQLITE_OK and var code)
                throw connection.LastError(code);
            return new OpenedSchema(stored, process);
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            throw Refuse(factory, e);
        }
    }

    private static PreparedConnection Connect(ConnectionFactory factory)
    {
        try
        {
            return new PreparedConnection(factory.Open(waits: false));
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            throw Refuse(factory, e);
        }
    }

    private static CarillonConfigurationException Refuse(ConnectionFactory factory, Exception error)
    {
        var failure = SqliteFailure.From(error, factory.Path, atCommit: false);
        return new CarillonConfigurationException(ErrorCodes.UnsafeStorage, failure.Reason, error);
    }
}
