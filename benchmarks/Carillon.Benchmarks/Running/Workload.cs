namespace Carillon.Benchmarks;

/// <summary>One row of the report: something that can be run for a while.</summary>
/// <param name="group">The rows that are compared with each other.</param>
/// <param name="name">The row.</param>
public abstract class Workload(string group, string name)
{
    public string Group { get; } = group;

    public string Name { get; } = name;

    /// <summary>Whether the row says how many events it takes rather than how many there are: only then is its speed worth comparing.</summary>
    public virtual bool IsSaturating => true;

    /// <summary>Runs it once, with everything set up anew, and waits until the last event has arrived.</summary>
    public abstract Task<RunResult> RunAsync(TimeSpan duration);
}
