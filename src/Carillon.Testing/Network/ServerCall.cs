using System.Diagnostics.CodeAnalysis;

namespace Carillon.Testing.Network;

/// <summary>One request on its way to a server and back.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing.")]
internal sealed class ServerCall<TResult>(
    SimulatedLink link, IFaultSource faults, ServerOperation operation, Func<CancellationToken, ValueTask<TResult>> execute, CallFate fate)
{
    // Nobody waits at a server for longer; a request that is still under way then may arrive all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // As drivers have it: who waits for the answer of a server that does nothing gives up, and the request is done all the same, later.
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);

    // The answer arrives as a piece of work of the process itself, which goes on right then.
    private readonly TaskCompletionSource<TResult> _answer = new();
    private CancellationTokenSource? _abandoned;

    /// <summary>Sends the request and waits for the answer.</summary>
    public async ValueTask<TResult> RunAsync(CancellationToken cancellation)
    {
        if (fate.LosesRequest)
            After(faults.NextTimeout(), Lose);
        else
            link.Server.Scheduler.Schedule(link.Server, fate.There, static call => _ = ((ServerCall<TResult>)call!).ArriveAsync(), this);
        if (fate.There > Patience)
            After(Patience, Lose);
        if (!cancellation.CanBeCanceled)
            return await _answer.Task;
        using var registration = cancellation.UnsafeRegister(static (call, token) => ((ServerCall<TResult>)call!).Abandon(token), this);
        return await _answer.Task;
    }

    /// <summary>A transaction ends with its connection, and that with its process: a request that comes later finds none to work in.</summary>
    private bool IsOrphaned => operation == ServerOperation.Work && !link.Process.IsAlive;

    private async Task ArriveAsync()
    {
        if (link.Server.IsHung)
        {
            link.Server.Keep(() => _ = ArriveAsync());
            After(CommandTimeout, Lose);
            return;
        }

        if (!link.Server.IsUp || IsOrphaned)
        {
            After(fate.Back, Lose);
            return;
        }

        var generation = link.Server.Generation;
        var (result, error) = await ExecuteAsync();
        if (fate.LosesAnswer || !link.CanAnswer(generation))
            After(faults.NextTimeout(), Lose);
        else if (error is null)
            After(fate.Back, call => call._answer.TrySetResult(result!));
        else
            After(fate.Back, call => call._answer.TrySetException(error));
    }

    private async ValueTask<(TResult? Result, Exception? Error)> ExecuteAsync()
    {
        var abandoned = _abandoned = new CancellationTokenSource();
        link.Process.Waits.Add(abandoned);
        try
        {
            return (await execute(abandoned.Token), null);
        }
        catch (Exception error)
        {
            return (default, error);
        }
        finally
        {
            link.Process.Waits.Remove(abandoned);
        }
    }

    private void Abandon(CancellationToken cancellation)
    {
        After(TimeSpan.Zero, call => call._answer.TrySetCanceled(cancellation));
        _abandoned?.Cancel();
    }

    private static void Lose(ServerCall<TResult> call) => call._answer.TrySetException(call.Lost());

    private ConnectionLostException Lost() => new($"{link.Server.Name} has not answered {link.Process.Name} ({operation}).");

    private void After(TimeSpan delay, Action<ServerCall<TResult>> what) =>
        link.Process.Scheduler.Schedule(link.Process, delay, state => what((ServerCall<TResult>)state!), this);
}
