using System.Data.Common;
using Carillon.Durability;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>The calls of the driver, synchronous where the calling thread waits for them.</summary>
internal static class DriverCalls
{
    public static ValueTask<int> RunAsync(this NpgsqlCommand command, CancellationToken cancellation) =>
        BlockingCall.IsCurrent ? new(command.ExecuteNonQuery()) : new(command.ExecuteNonQueryAsync(cancellation));

    /// <summary>
    /// The driver sends what follows the first statement of a batch from another thread, also where the call is synchronous: it must not wait for the server to read what the server
    /// is not ready to read. So each statement goes by itself there.
    /// </summary>
    public static ValueTask<int> RunAsync(this NpgsqlBatch batch, CancellationToken cancellation)
    {
        if (!BlockingCall.IsCurrent)
            return new(batch.ExecuteNonQueryAsync(cancellation));
        var rows = 0;
        foreach (NpgsqlBatchCommand statement in batch.BatchCommands)
            rows += Math.Max(Run(statement, batch.Connection!), 0);
        return new(rows);
    }

    /// <summary>The results of a batch; where the calling thread waits, the last one.</summary>
    public static ValueTask<NpgsqlDataReader> SelectAsync(this NpgsqlBatch batch, CancellationToken cancellation)
    {
        if (!BlockingCall.IsCurrent)
            return new(batch.ExecuteReaderAsync(cancellation));
        for (var i = 0; i < batch.BatchCommands.Count - 1; i++)
            Run(batch.BatchCommands[i], batch.Connection!);
        using var last = ToCommand(batch.BatchCommands[^1], batch.Connection!);
        return new(last.ExecuteReader());
    }

    public static ValueTask<bool> NextResultAsync(this NpgsqlDataReader reader, CancellationToken cancellation) =>
        BlockingCall.IsCurrent ? new(reader.NextResult()) : new(((DbDataReader)reader).NextResultAsync(cancellation));

    public static ValueTask<object?> AskAsync(this NpgsqlCommand command, CancellationToken cancellation) =>
        BlockingCall.IsCurrent ? new(command.ExecuteScalar()) : new(command.ExecuteScalarAsync(cancellation));

    public static ValueTask<NpgsqlDataReader> SelectAsync(this NpgsqlCommand command, CancellationToken cancellation) =>
        BlockingCall.IsCurrent ? new(command.ExecuteReader()) : new(command.ExecuteReaderAsync(cancellation));

    public static ValueTask<bool> NextAsync(this NpgsqlDataReader reader, CancellationToken cancellation) =>
        BlockingCall.IsCurrent ? new(reader.Read()) : new(reader.ReadAsync(cancellation));

    private static int Run(NpgsqlBatchCommand statement, NpgsqlConnection connection)
    {
        using var command = ToCommand(statement, connection);
        return command.ExecuteNonQuery();
    }

    private static NpgsqlCommand ToCommand(NpgsqlBatchCommand statement, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(statement.CommandText, connection);
        foreach (NpgsqlParameter parameter in statement.Parameters)
            command.Parameters.Add(parameter.Clone());
        return command;
    }

    public static ValueTask EndAsync(this NpgsqlDataReader reader)
    {
        if (!BlockingCall.IsCurrent)
            return reader.DisposeAsync();
        reader.Dispose();
        return ValueTask.CompletedTask;
    }
}
