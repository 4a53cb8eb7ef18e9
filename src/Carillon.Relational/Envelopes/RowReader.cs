using System.Globalization;

namespace Carillon.Relational;

/// <summary>
/// Reads the columns of one row from left to right. What cannot be read is noted as the row's defect and read as absent: no row,
/// whoever wrote it, stops a reader.
/// </summary>
internal ref struct RowReader(Rows rows, int firstColumn)
{
    private int _column = firstColumn;

    /// <summary>What could not be read, or null.</summary>
    public EnvelopeDefect? Defect { get; private set; }

    public string? Text(string name)
    {
        var column = _column++;
        var kind = rows.KindOf(column);
        if (kind == ColumnKind.Null)
            return null;
        if (kind == ColumnKind.Bytes)
            return Fault<string>(ErrorCodes.InvalidAttribute, name, "is not a text");
        return rows.ValidText(column) ?? Fault<string>(ErrorCodes.InvalidEncoding, name, "is not valid UTF-8");
    }

    /// <summary>A text of which most rows have the same one as an earlier row.</summary>
    public string? Text(string name, ref string? earlier)
    {
        if (earlier is not null && rows.Holds(_column, earlier))
        {
            _column++;
            return earlier;
        }

        return earlier = Text(name);
    }

    public long Number(string name, long min, long max, long absent)
    {
        var column = _column++;
        var kind = rows.KindOf(column);
        if (kind == ColumnKind.Null)
            return absent;
        if (kind == ColumnKind.Number && rows.Number(column) is var number && number >= min && number <= max)
            return number;
        Fault<string>(ErrorCodes.InvalidAttribute, name, string.Create(CultureInfo.InvariantCulture, $"is not a whole number from {min} to {max}"));
        return absent;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ||
            (text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)))
            return time;
        Fault<string>(ErrorCodes.InvalidAttribute, name, "is not a time such as 2026-01-31T12:00:00Z");
        return null;
    }

    public IReadOnlyDictionary<string, string>? Headers(string name)
    {
        var column = _column++;
        if (rows.IsNull(column))
            return null;
        var headers = HeaderJson.Read(rows.Utf8(column), out var fault);
        return fault is null ? headers : Fault<IReadOnlyDictionary<string, string>>(ErrorCodes.HeaderLimit, name, fault);
    }

    public ReadOnlyMemory<byte> Bytes(string name)
    {
        var column = _column++;
        var kind = rows.KindOf(column);
        if (kind is ColumnKind.Bytes or ColumnKind.Text)
            return rows.Bytes(column);
        if (kind != ColumnKind.Null)
            Fault<string>(ErrorCodes.MalformedBody, name, "is a number");
        return default;
    }

    private T? Fault<T>(string code, string name, string what)
        where T : class
    {
        Defect ??= new EnvelopeDefect(code, $"The attribute {name} {what}.");
        return null;
    }
}
