namespace Carillon.Transports;

/// <summary>
/// Says up to which position everything in one partition is finished, although messages finish in any order. For transports that
/// acknowledge a position rather than a message: never does it step over a message that is not finished.
/// </summary>
/// <remarks>
/// What is finished beyond an unfinished message is delivered again when its process dies, so a receiver stops reading the partition while
/// <see cref="IsTooFarAhead"/>: one message that takes for ever does not make that unlimited. Not safe for several threads at once; a receiver
/// guards it with its own lock.
/// </remarks>
public sealed class PartitionWatermark
{
    /// <summary>How many messages may be finished beyond one that is not: 10,000.</summary>
    public const int AheadMax = 10_000;

    private const int RoomForFinished = 64;
    private readonly Queue<OpenPosition> _open = new();
    private readonly HashSet<long> _finished = [];
    private int _finishedAtEnd;

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

    /// <summary>How many messages were handed over and are not finished.</summary>
    public int Open => _open.Count - _finished.Count;

    /// <summary>How many messages are finished beyond the first one that is not.</summary>
    public int Ahead { get; private set; }

    /// <summary>Whether so many messages are finished beyond one that is not that nothing more should be read until it is.</summary>
    public bool IsTooFarAhead => Ahead >= AheadMax;

    /// <summary>
    /// What is finished beyond <see cref="Finished"/>, as far as it was read: everything between two messages that are not, also what does not concern the
    /// subscription.
    /// </summary>
    public IEnumerable<(long First, long Last)> FinishedAhead()
    {
        var first = Finished + 1;
        foreach (var (position, _) in _open.Where(open => !_finished.Contains(open.Position)))
        {
            yield return (first, position - 1);
            first = position + 1;
        }

        yield return (first, Read);
    }

    /// <summary>A message was read and is handed over. Positions grow from call to call.</summary>
    public void Take(long position)
    {
        _open.Enqueue(new OpenPosition(position, _finishedAtEnd));
        _finishedAtEnd = 0;
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
        _finished.Add(position);
        Ahead++;
        while (_open.TryPeek(out var first) && _finished.Remove(first.Position))
        {
            _open.Dequeue();
            Ahead -= 1 + (_open.TryPeek(out var next) ? next.FinishedBefore : _finishedAtEnd);
        }

        if (_open.Count == 0)
            _finishedAtEnd = 0;
        if (_finished.Count > RoomForFinished && _finished.Count > 2 * Open)
            ForgetFinished();
        return Advance();
    }

    /// <summary>Keeps of what is finished nothing but how much it is: what it takes to remember depends on what is not finished alone.</summary>
    private void ForgetFinished()
    {
        var forgotten = 0;
        for (var left = _open.Count; left > 0; left--)
        {
            var (position, finishedBefore) = _open.Dequeue();
            forgotten += finishedBefore;
            if (_finished.Remove(position))
            {
                forgotten++;
                continue;
            }

            _open.Enqueue(new OpenPosition(position, forgotten));
            forgotten = 0;
        }

        _finishedAtEnd += forgotten;
    }

    private bool Advance()
    {
        var finished = _open.TryPeek(out var first) ? first.Position - 1 : Read;
        if (finished <= Finished)
            return false;
        Finished = finished;
        return true;
    }

    private readonly record struct OpenPosition(long Position, int FinishedBefore);
}
