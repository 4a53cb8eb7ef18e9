using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Carillon.Benchmarks;

/// <summary>A table of bodies alone, filled and emptied in transactions of as many rows as the product takes.</summary>
public sealed class HeldUpLimit(BenchmarkArguments arguments, string folder)
{
    private const int Rows = 256;

    public async Task<(TimeSpan Inserted, TimeSpan Deleted)> RunAsync(int events)
    {
        await using DbConnection connection = arguments.PostgreSql is { } server
            ? new NpgsqlConnection(server)
            : new SqliteConnection($"Data Source={Path.Combine(folder, "limit.db")};Pooling=False");
        await connection.OpenAsync();
        foreach (var sql in Prepare())
            await RunAsync(connection, sql);
        var began = Stopwatch.GetTimestamp();
        for (var first = 0; first < events; first += Rows)
            await InsertAsync(connection, first, Math.Min(Rows, events - first));
        var inserted = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        for (var first = 0; first < events; first += Rows)
            await TakeAsync(connection, first);
        var deleted = Stopwatch.GetElapsedTime(began);
        await RunAsync(connection, "DROP TABLE held_up");
        return (inserted, deleted);
    }

    private string[] Prepare() => arguments.PostgreSql is null
        ? ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE held_up (position INTEGER PRIMARY KEY, body BLOB NOT NULL)"]
        : ["CREATE TABLE held_up (position bigint PRIMARY KEY, body bytea NOT NULL)"];

    private static async Task InsertAsync(DbConnection connection, int first, int count)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = $"INSERT INTO held_up (position, body) VALUES {string.Join(", ", Enumerable.Range(0, count).Select(row => $"({first + row}, @body)"))}";
        var body = insert.CreateParameter();
        (body.ParameterName, body.Value) = ("body", new byte[SampleEvents.Size]);
        insert.Parameters.Add(body);
        await insert.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static async Task TakeAsync(DbConnection connection, int first)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var take = connection.CreateCommand();
        take.Transaction = transaction;
        take.CommandText = $"DELETE FROM held_up WHERE position >= {first} AND position < {first + Rows} RETURNING body";
        await using (var rows = await take.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
                _ = rows.GetFieldValue<byte[]>(0);
        }

        await transaction.CommitAsync();
    }

    private static async Task RunAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
