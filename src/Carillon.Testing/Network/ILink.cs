namespace Carillon.Testing.Network;

/// <summary>The way from one process to one server.</summary>
internal interface ILink
{
    /// <summary>The clock of the process.</summary>
    TimeProvider Time { get; }

    /// <summary>Chance, as the process knows it.</summary>
    Random Random { get; }

    /// <summary>The process, as the server knows it.</summary>
    object Client { get; }

    /// <summary>Has the server clean up, when it notices by itself that nobody goes on with something.</summary>
    void GiveUp(Action cleanUp);

    /// <summary>
    /// Has something done at the server, in one step there, and brings back the result. Whatever the server throws is thrown here.
    /// </summary>
    /// <exception cref="ConnectionLostException">No answer came: whether it was done is unknown.</exception>
    ValueTask<TResult> CallAsync<TResult>(ServerOperation operation, Func<TResult> execute, CancellationToken cancellation);

    /// <summary>
    /// Has something done at the server that may have to wait there. What it is given is cancelled when nobody waits for the answer any more.
    /// </summary>
    /// <inheritdoc cref="CallAsync{TResult}(ServerOperation,Func{TResult},CancellationToken)"/>
    ValueTask<TResult> CallAsync<TResult>(ServerOperation operation, Func<CancellationToken, ValueTask<TResult>> execute, CancellationToken cancellation);
}
