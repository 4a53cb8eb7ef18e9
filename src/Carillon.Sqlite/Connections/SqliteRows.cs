using System.Text;
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

    public override string? ValidText(int column)
    {
        var bytes = raw.sqlite3_column_blob(_row, column);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    public override bool Holds(int column, string text)
    {
        if (raw.sqlite3_column_type(_row, column) != raw.SQLITE_TEXT)
            return false;
        var utf8 = raw.sqlite3_column_blob(_row, column);
        return text.Length == utf8.Length && Ascii.IsValid(utf8) && Ascii.Equals(utf8, text);
    }

    public override ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_row, column);

    public override byte[] Bytes(int column) => raw.sqlite3_column_blob(_row, column).ToArray();

    public override ValueTask DisposeAsync()
    {
        reader.Dispose();
        return ValueTask.CompletedTask;
    }
}
