namespace Carillon.Relational;

/// <summary>What a query returned, row by row. Columns are counted from 0.</summary>
internal abstract class Rows : IAsyncDisposable
{
    /// <summary>How many columns a row has.</summary>
    public abstract int Columns { get; }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public abstract ValueTask<bool> NextAsync(CancellationToken cancellation = default);

    public abstract ColumnKind KindOf(int column);

    /// <summary>A whole number or a truth value, 0 or 1.</summary>
    public abstract long Number(int column);

    public abstract string Text(int column);

    /// <summary>A text, or a number as one; null when what stands there is no valid text.</summary>
    public abstract string? ValidText(int column);

    /// <summary>Whether exactly this text stands there. May say no when in doubt.</summary>
    public abstract bool Holds(int column, string text);

    /// <summary>The bytes of a text, valid UTF-8 or not, or of bytes; valid until the next row.</summary>
    public abstract ReadOnlySpan<byte> Utf8(int column);

    /// <summary>The same as an array of the caller's own.</summary>
    public abstract byte[] Bytes(int column);

    public bool IsNull(int column) => KindOf(column) == ColumnKind.Null;

    public long NumberOrZero(int column) => IsNull(column) ? 0 : Number(column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public abstract ValueTask DisposeAsync();
}
