namespace Carillon.Transports;

/// <summary>
/// Says up to which position everything in one partition is finished, although messages finish in any order. For transports that
/// acknowledge a position rather than a message: never does it step over a message that is not finished.
/// </summary>
/// <remarks>Not safe for several threads at once; a receiver guards it with its own lock.</remarks>
public sealed class PartitionWatermark
{
    private readonly Queue<long> _open = new();
    private readonly HashSet<long> _finishedAhead = [];

    /// <summary>Creates the watermark of a partition that was finished up to a position.</summary>
    public PartitionWatermark(long finished)
    {
        Finished = finished;
        Read = finished;
    }

    /// <summary>The last position up to which everything is finished.</summary>
    public long Finished { get; private set; }

    /// <summary>The last position that was read.</summary>
    public long Read { get; private set; }

    /// <summary>How many messages were handed over and are not below the watermark yet.</summary>
    public int Open => _open.Count;

    /// <summary>A message was read and is handed over. Positions grow from call to call.</summary>
    public void Take(long position)
    {
        _open.Enqueue(position);
        Read = position;
        Advance();
    }

    /// <summary>Everything up to a position was read, and what was not taken does not concern the subscription.</summary>
    public void Pass(long position)
    {
        if (position <= Read)
            return;
        Read = position;
        Advance();
    }

    /// <summary>A message that was taken is finished.</summary>
    /// <returns>Whether the watermark moved.</returns>
    public bool Finish(long position)
    {
        _finishedAhead.Add(position);
        while (_open.TryPeek(out var first) && _finishedAhead.Remove(first))
            _open.Dequeue();
        return Advance();
    }

    private bool Advance()
    {
        var finished = _open.TryPeek(out var first) ? first - 1 : Read;
        if (finished <= Finished)
            return false;
        Finished = finished;
        return true;
    }
}
