using Carillon.Testing.Network;

namespace Carillon.Testing.Tests.Worlds;

/// <summary>
/// A bad network: requests and answers are slow or get lost, what was given up arrives late, fetches arrive twice. Cut, it loses everything.
/// </summary>
internal sealed class HostileLink(StepClock time, Random random, double hostility) : ILink
{
    public object Client => this;

    public void GiveUp(Action cleanUp) => cleanUp();

    public TimeProvider Time => time;

    public Random Random => random;

    /// <summary>Whether nothing comes through.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether the process is dead: whoever asks waits for ever.</summary>
    public bool IsDead { get; set; }

    /// <summary>Which kind of request is lost on its way to the server, always; null for none.</summary>
    public ServerOperation? Lost { get; set; }

    public ValueTask<TResult> CallAsync<TResult>(ServerOperation operation, Func<TResult> execute, CancellationToken cancellation) =>
        CallAsync(operation, _ => new ValueTask<TResult>(execute()), cancellation);

    public async ValueTask<TResult> CallAsync<TResult>(ServerOperation operation, Func<CancellationToken, ValueTask<TResult>> execute, CancellationToken cancellation)
    {
        if (IsDead)
            await new TaskCompletionSource().Task;
        if (IsCut || Lost == operation || Happens(0.05))
        {
            if (!IsCut && Happens(0.5))
                _ = ArriveLateAsync(execute);
            await PassAsync(cancellation);
            throw new ConnectionLostException($"{operation}: the request was lost");
        }

        await PassAsync(cancellation);
        if (operation == ServerOperation.Fetch && Happens(0.1))
            _ = ArriveLateAsync(execute);
        var result = await execute(cancellation);
        if (IsCut || Happens(0.05))
            throw new ConnectionLostException($"{operation}: the answer was lost");
        await PassAsync(cancellation);
        return result;
    }

    private bool Happens(double probability) => random.NextDouble() < probability * hostility;

    private Task PassAsync(CancellationToken cancellation) => Wait.ForAsync(Happens(0.02) ? random.Next(5000) : random.Next(20), time, cancellation);

    private async Task ArriveLateAsync<TResult>(Func<CancellationToken, ValueTask<TResult>> execute)
    {
        await Wait.ForAsync(random.Next(20_000), time);
        await execute(new CancellationToken(canceled: true));
    }
}
