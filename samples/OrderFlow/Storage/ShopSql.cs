using System.Data.Common;

namespace OrderFlow.Storage;

/// <summary>
/// Statements in a transaction, as handlers get one: what they change, what they publish and that they ran are committed together.
/// </summary>
internal static class ShopSql
{
    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public static async Task<int> ExecuteAsync(
        this DbTransaction transaction, string sql, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        await using var command = transaction.Connection!.Command(transaction, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The first row that a statement returns, or null.</summary>
    public static async Task<TRow?> FirstAsync<TRow>(
        this DbTransaction transaction, string sql, Func<DbDataReader, TRow> read, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
        where TRow : class =>
        await transaction.AllAsync(sql, read, cancellation, parameters) is [var first, ..] ? first : null;

    /// <summary>All rows that a statement returns.</summary>
    public static async Task<IReadOnlyList<TRow>> AllAsync<TRow>(
        this DbTransaction transaction, string sql, Func<DbDataReader, TRow> read, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        await using var command = transaction.Connection!.Command(transaction, sql, parameters);
        return await command.AllAsync(read, cancellation);
    }

    /// <summary>Makes a command.</summary>
    public static DbCommand Command(this DbConnection connection, DbTransaction? transaction, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Reads all rows of a command.</summary>
    public static async Task<IReadOnlyList<TRow>> AllAsync<TRow>(this DbCommand command, Func<DbDataReader, TRow> read, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }
}
