using Carillon.Relational;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>Rows of SQLite, where a column holds whatever somebody wrote into it.</summary>
internal sealed class SqliteRows(SqliteDataReader reader) : Rows
{
    private readonly sqlite3_stmt _row = reader.Handle!;

    public override int Columns => reader.FieldCount;

    public override ValueTask<bool> NextAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(reader.Read());
    }

    public override ColumnKind KindOf(int column) => raw.sqlite3_column_type(_row, column) switch
    {
        raw.SQLITE_NULL => ColumnKind.Null,
        raw.SQLITE_TEXT => ColumnKind.Text,
        raw.SQLITE_INTEGER => ColumnKind.Number,
        raw.SQLITE_BLOB => ColumnKind.Bytes,
        _ => ColumnKind.Other,
    };

    public override long Number(int column) => raw.sqlite3_column_int64(_row, column);

    public override string Text(int column) => reader.GetString(column);

    public override ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_row, column);

    public override byte[] Bytes(int column) => raw.sqlite3_column_blob(_row, column).ToArray();

    public override ValueTask DisposeAsync()
    {
        reader.Dispose();
        return ValueTask.CompletedTask;
    }
}
