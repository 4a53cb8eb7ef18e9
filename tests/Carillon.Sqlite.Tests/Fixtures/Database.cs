using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests;

/// <summary>Looks into the file, and writes into it, as a stranger would.</summary>
internal static class Database
{
    public static string? Text(TemporaryFolder folder, string sql)
    {
        using var connection = Open(folder);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public static long Number(TemporaryFolder folder, string sql) => long.Parse(Text(folder, sql)!, CultureInfo.InvariantCulture);

    public static void Execute(TemporaryFolder folder, string sql) => Text(folder, sql);

    private static SqliteConnection Open(TemporaryFolder folder)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"{folder.ConnectionString};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 0";
        command.ExecuteNonQuery();
        return connection;
    }
}
