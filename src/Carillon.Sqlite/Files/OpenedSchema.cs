using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>What is known of a file once its tables are in place.</summary>
/// <param name="Partitions">Its number of partitions.</param>
/// <param name="Process">A name for this process that no other one has.</param>
internal sealed record OpenedSchema(int Partitions, string Process)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task<OpenedSchema> OpenAsync(ConnectionFactory factory, SqliteOptions options, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        using var connection = Connect(factory);
        await BeginAsync(connection, factory, options, time, logger, cancellation);
        try
        {
            var stored = SchemaMigration.Apply(connection, factory.Path, options.Partitions, time.GetUtcNow());
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

    private static async Task BeginAsync(
        PreparedConnection connection, ConnectionFactory factory, SqliteOptions options, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var isSaid = false;
        while (connection.Run("BEGIN IMMEDIATE") is not raw.SQLITE_OK and var code)
        {
            var waited = time.GetElapsedTime(began);
            if (code != raw.SQLITE_BUSY || waited > options.StartupPatience)
                throw Refuse(factory, connection.LastError(code));
            if (!isSaid && waited > options.BusyTimeout)
            {
                logger.WaitingForWriter(factory.Path, options.StartupPatience);
                isSaid = true;
            }

            await Task.Delay(Pause, time, cancellation);
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
