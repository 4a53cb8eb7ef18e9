namespace Carillon.Relational;

/// <summary>A statement that is kept and used again. Parameters are set by name, without the <c>@</c>.</summary>
internal abstract class Statement
{
    public abstract Statement Set(string name, long? value);

    public abstract Statement Set(string name, string? value);

    public abstract Statement Set(string name, byte[]? value);

    /// <returns>How many rows changed.</returns>
    public abstract ValueTask<int> ExecuteAsync(CancellationToken cancellation = default);

    /// <summary>Executes it with what is set, at the latest by <see cref="FlushAsync"/>: where each call is a way to a server, many go together.</summary>
    public virtual async ValueTask QueueAsync(CancellationToken cancellation = default) => await ExecuteAsync(cancellation);

    /// <summary>Executes what was queued.</summary>
    public virtual ValueTask FlushAsync(CancellationToken cancellation = default) => ValueTask.CompletedTask;

    /// <returns>The first column of the first row, or null when there is none or it is null.</returns>
    public abstract ValueTask<long?> NumberAsync(CancellationToken cancellation = default);

    /// <returns>The first column of the first row, or null when there is none or it is null.</returns>
    public abstract ValueTask<string?> TextAsync(CancellationToken cancellation = default);

    public abstract ValueTask<Rows> ReadAsync(CancellationToken cancellation = default);
}
