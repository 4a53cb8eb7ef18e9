namespace Carillon.Tests.Parking;

/// <summary>Dead letters behind a line that does to each call what the test says.</summary>
internal sealed class InterruptibleDeadLetters(IDeadLetters letters) : IDeadLetters
{
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];

    /// <summary>Called before each call, to make it fail.</summary>
    public Action<string> Before { get; set; } = static _ => { };

    /// <summary>Which members were called, in order.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default)
    {
        Note("list");
        return letters.ListAsync(query, cancellation);
    }

    public ValueTask<long> CountAsync(DeadLetterQuery query, CancellationToken cancellation = default)
    {
        Note("count");
        return letters.CountAsync(query, cancellation);
    }

    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default)
    {
        Note("find");
        return letters.FindAsync(id, cancellation);
    }

    public ValueTask ReplayAsync(long id, CancellationToken cancellation = default)
    {
        Note("replay");
        return letters.ReplayAsync(id, cancellation);
    }

    public ValueTask DiscardAsync(long id, CancellationToken cancellation = default)
    {
        Note("discard");
        return letters.DiscardAsync(id, cancellation);
    }

    private void Note(string call)
    {
        lock (_gate)
            _calls.Add(call);
        Before(call);
    }
}
