using System.Collections.Concurrent;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>What the runs of a handler do with contexts that come from a pool.</summary>
public sealed class PooledRuns
{
    private int _begun;

    /// <summary>Kinds of pools, and ways in which the first run ends.</summary>
    public static TheoryData<bool, string> Cases =>
        new(from isFactory in (bool[])[false, true] from end in (string[])["returns", "throws", "cannot save", "takes too long"] select new TheoryDataRow<bool, string>(isFactory, end));

    /// <summary>What a run does, by its number: 1 is the first.</summary>
    public Func<int, ShopContext, CancellationToken, Task> Do { get; set; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>The contexts that handlers worked with.</summary>
    public ConcurrentQueue<ShopContext> Contexts { get; } = new();

    /// <summary>Runs once.</summary>
    public Task RunAsync(ShopContext context, CancellationToken cancellation)
    {
        Contexts.Enqueue(context);
        return Do(Interlocked.Increment(ref _begun), context, cancellation);
    }
}
