namespace Carillon.Relational;

/// <summary>A statement that is kept and used again. Parameters are set by name, without the <c>@</c>.</summary>
internal abstract class Statement
{
    public abstract Statement Set(string name, long? value);

    public abstract Statement Set(string name, string? value);

    public abstract Statement Set(string name, byte[]? value);

    /// <returns>How many rows changed.</returns>
    public abstract ValueTask<int> ExecuteAsync(CancellationToken cancellation = default);

    /// <returns>The first column of the first row, or null when there is none or it is null.</returns>
    public abstract ValueTask<long?> NumberAsync(CancellationToken cancellation = default);

    /// <returns>The first column of the first row, or null when there is none or it is null.</returns>
    public abstract ValueTask<string?> TextAsync(CancellationToken cancellation = default);

    public abstract ValueTask<Rows> ReadAsync(CancellationToken cancellation = default);
}
