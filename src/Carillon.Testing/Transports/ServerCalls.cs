using Carillon.Testing.Network;

namespace Carillon.Testing.Transports;

/// <summary>Requests of a client to its server: each is given up after a time, and those that are safe to repeat are repeated.</summary>
internal sealed class ServerCalls(ILink link, SimulatedTransportOptions options)
{
    /// <summary>The clock of the process.</summary>
    public TimeProvider Time => link.Time;

    /// <summary>Whether an error means that a request was not answered.</summary>
    public static bool IsLost(Exception error) => error is ConnectionLostException or OperationCanceledException;

    /// <summary>Asks once.</summary>
    /// <param name="operation">What kind of request.</param>
    /// <param name="execute">What the server does.</param>
    /// <param name="within">How long to wait for the answer at most.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="ConnectionLostException">No answer came.</exception>
    /// <exception cref="OperationCanceledException">No answer came in time.</exception>
    public async ValueTask<TResult> AskAsync<TResult>(ServerOperation operation, Func<TResult> execute, TimeSpan within, CancellationToken cancellation)
    {
        using var deadline = new Deadline(within < options.RequestTimeout ? within : options.RequestTimeout, Time, cancellation);
        return await link.CallAsync(operation, execute, deadline.Token);
    }

    /// <summary>Asks for something that the server may answer later.</summary>
    public ValueTask<TResult> WaitAsync<TResult>(ServerOperation operation, Func<CancellationToken, ValueTask<TResult>> execute, CancellationToken cancellation) =>
        link.CallAsync(operation, execute, cancellation);

    /// <summary>Asks until there is an answer.</summary>
    public async ValueTask<TResult> InsistAsync<TResult>(ServerOperation operation, Func<TResult> execute, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await AskAsync(operation, execute, options.RequestTimeout, cancellation);
            }
            catch (Exception error) when (IsLost(error) && !cancellation.IsCancellationRequested)
            {
                await PauseAsync(cancellation);
            }
        }
    }

    /// <summary>Asks until there is an answer or time is over, and then lets it be.</summary>
    /// <returns>Whether there was an answer.</returns>
    public async ValueTask<bool> TryAsync<TResult>(ServerOperation operation, Func<TResult> execute, TimeSpan within)
    {
        using var deadline = new Deadline(within, Time);
        while (!deadline.Token.IsCancellationRequested)
        {
            try
            {
                await AskAsync(operation, execute, options.RequestTimeout, deadline.Token);
                return true;
            }
            catch (Exception error) when (IsLost(error))
            {
                await PauseAsync(deadline.Token);
            }
        }

        return false;
    }

    /// <summary>Waits for a better time. Ends early, and never throws, when cancelled.</summary>
    public async ValueTask PauseAsync(CancellationToken cancellation)
    {
        using var pause = new Deadline(options.RetryDelay, Time, cancellation);
        await pause.PassAsync();
    }
}
