namespace Carillon.Testing.Network;

/// <summary>A way without distance: for a server in the same process, outside of any simulation.</summary>
internal sealed class DirectLink(TimeProvider time, Random random) : ILink
{
    /// <inheritdoc/>
    public TimeProvider Time => time;

    /// <inheritdoc/>
    public Random Random => random;

    /// <inheritdoc/>
    public object Client => this;

    /// <inheritdoc/>
    public void GiveUp(Action cleanUp) => cleanUp();

    /// <inheritdoc/>
    public ValueTask<TResult> CallAsync<TResult>(ServerOperation operation, Func<TResult> execute, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            return new ValueTask<TResult>(execute());
        }
        catch (Exception error)
        {
            return ValueTask.FromException<TResult>(error);
        }
    }

    /// <inheritdoc/>
    public ValueTask<TResult> CallAsync<TResult>(ServerOperation operation, Func<CancellationToken, ValueTask<TResult>> execute, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return execute(cancellation);
    }
}
