using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>Brings the tables of a file to the newest version, under the write lock, so that processes that start together take turns.</summary>
internal static class SchemaMigration
{
    private const string Versions = "CREATE TABLE IF NOT EXISTS carillon_schema (version INTEGER PRIMARY KEY, applied INTEGER NOT NULL)";
    private const string Current = "SELECT max(version) FROM carillon_schema";
    private const string Applied = "INSERT INTO carillon_schema (version, applied) VALUES (@version, @now)";
    private const string Create = "INSERT INTO carillon_file (one, partitions, created) VALUES (1, @partitions, @now) ON CONFLICT DO NOTHING";
    private const string Partitions = "SELECT partitions FROM carillon_file";

    /// <summary>Applies what is missing. The caller holds the write lock and commits.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="path">The file, for the error message.</param>
    /// <param name="partitions">The number of partitions of a new file.</param>
    /// <param name="now">The time.</param>
    /// <returns>The file's number of partitions.</returns>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.SchemaTooNew"/>.</exception>
    public static int Apply(PreparedConnection connection, string path, int partitions, DateTimeOffset now)
    {
        connection.Prepare(Versions).Execute();
        var current = (int)(connection.Prepare(Current).Number() ?? 0);
        if (current > SqliteSchema.Scripts.Newest)
        {
            throw new CarillonConfigurationException(ErrorCodes.SchemaTooNew,
                $"The tables in {path} have version {current}, but this version of Carillon knows only {SqliteSchema.Scripts.Newest}. Update Carillon.Sqlite, or use another file.");
        }

        foreach (var (version, sql) in SqliteSchema.Scripts.All.Where(script => script.Version > current))
        {
            if (connection.Run(sql) is not 0 and var error)
                throw connection.LastError(error);
            connection.Prepare(Applied).Set("version", version).Set("now", StoredTime.From(now)).Execute();
        }

        connection.Prepare(Create).Set("partitions", partitions).Set("now", StoredTime.From(now)).Execute();
        return (int)(connection.Prepare(Partitions).Number() ?? partitions);
    }
}
