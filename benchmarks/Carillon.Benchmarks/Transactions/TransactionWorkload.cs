namespace Carillon.Benchmarks;

/// <summary>
/// Publishers that each store an order and its event in one transaction and wait for it, and handlers that each store what they do with an event
/// and that they have handled it, in another one. Counted is from the publisher to the end of the handler's code.
/// </summary>
public abstract class TransactionWorkload(string group, string name, string server) : Workload(group, name)
{
    public const int Publishers = 16;

    /// <summary>The connection string of the server.</summary>
    protected string Server { get; } = server;

    public sealed override async Task<RunResult> RunAsync(TimeSpan duration)
    {
        await ShopTables.CreateAsync(Server);
        Arrivals.Recorder = new();
        return await RunAsync(duration, Arrivals.Recorder);
    }

    protected abstract Task<RunResult> RunAsync(TimeSpan duration, LatencyRecorder recorder);
}
