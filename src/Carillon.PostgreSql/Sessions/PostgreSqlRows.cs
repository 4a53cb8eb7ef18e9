using System.Globalization;
using System.Text;
using Carillon.Relational;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Rows of PostgreSQL, where a column holds what it was declared for.</summary>
internal sealed class PostgreSqlRows(NpgsqlDataReader reader) : Rows
{
    private readonly ColumnKind[] _kinds = [.. Enumerable.Range(0, reader.FieldCount).Select(column => Declared(reader, column))];

    public override int Columns => _kinds.Length;

    public override async ValueTask<bool> NextAsync(CancellationToken cancellation = default) => await reader.NextAsync(cancellation);

    public override ColumnKind KindOf(int column) => reader.IsDBNull(column) ? ColumnKind.Null : _kinds[column];

    public override long Number(int column) => reader.GetFieldType(column) == typeof(bool) ? (reader.GetBoolean(column) ? 1 : 0) : reader.GetInt64(column);

    public override string Text(int column) => reader.GetString(column);

    // The server holds no text that is not valid.
    public override string? ValidText(int column) => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture);

    public override bool Holds(int column, string text) => _kinds[column] == ColumnKind.Text && !reader.IsDBNull(column) && reader.GetString(column) == text;

    public override ReadOnlySpan<byte> Utf8(int column) => Bytes(column);

    public override byte[] Bytes(int column) =>
        _kinds[column] == ColumnKind.Text ? Encoding.UTF8.GetBytes(reader.GetString(column)) : reader.GetFieldValue<byte[]>(column);

    public override ValueTask DisposeAsync() => reader.EndAsync();

    private static ColumnKind Declared(NpgsqlDataReader reader, int column) => reader.GetFieldType(column) switch
    {
        var type when type == typeof(string) => ColumnKind.Text,
        var type when type == typeof(byte[]) => ColumnKind.Bytes,
        var type when type == typeof(long) || type == typeof(int) || type == typeof(bool) => ColumnKind.Number,
        _ => ColumnKind.Other,
    };
}
