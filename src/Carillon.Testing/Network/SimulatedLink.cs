using Carillon.Testing.Processes;

namespace Carillon.Testing.Network;

/// <summary>The way from one process to one server, with everything that may happen on it.</summary>
internal sealed class SimulatedLink(SimulatedProcess process, SimulatedServer server, IFaultSource faults) : ILink
{
    /// <inheritdoc/>
    public TimeProvider Time => process.Clock;

    /// <inheritdoc/>
    public Random Random => process.Random;

    /// <inheritdoc/>
    public object Client => process;

    /// <summary>The near end.</summary>
    public SimulatedProcess Process => process;

    /// <summary>The far end.</summary>
    public SimulatedServer Server => server;

    /// <inheritdoc/>
    public void GiveUp(Action cleanUp) => server.Scheduler.Schedule(server, faults.NextTimeout(), static cleanUp => ((Action)cleanUp!)(), cleanUp);

    /// <inheritdoc/>
    public ValueTask<TResult> CallAsync<TResult>(ServerOperation operation, Func<TResult> execute, CancellationToken cancellation) =>
        CallAsync(operation, _ => new ValueTask<TResult>(execute()), cancellation);

    /// <inheritdoc/>
    public ValueTask<TResult> CallAsync<TResult>(
        ServerOperation operation, Func<CancellationToken, ValueTask<TResult>> execute, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (faults.NextStandstill(process, operation) is { } pause)
            return CallLateAsync(pause, operation, execute, cancellation);
        var call = new ServerCall<TResult>(this, faults, operation, execute, faults.Decide(process, server, operation));
        return call.RunAsync(cancellation);
    }

    // The process has made up its mind, and sends the request when it wakes: whatever the world is like by then.
    private async ValueTask<TResult> CallLateAsync<TResult>(
        TimeSpan pause, ServerOperation operation, Func<CancellationToken, ValueTask<TResult>> execute, CancellationToken cancellation)
    {
        process.Pause();
        server.Scheduler.Schedule(server, pause, _ => process.Resume(), null);
        await Task.Yield();
        var call = new ServerCall<TResult>(this, faults, operation, execute, faults.Decide(process, server, operation));
        return await call.RunAsync(cancellation);
    }

    /// <summary>Whether an answer that is ready now can come back.</summary>
    public bool CanAnswer(int generation) => server.Generation == generation && faults.IsConnected(process, server);
}
