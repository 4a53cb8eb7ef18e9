namespace Carillon.Sqlite;

/// <summary>
/// Whose turn it is to write to a file in this process: the writer's or a unit of work's. Units of work queue here in their order, because
/// SQLite itself lets those who wait for its lock look again and again. The writer, which keeps the leases, goes ahead of them, but lets one of
/// them through after each of its own turns.
/// </summary>
internal sealed class WriteTurn(TimeProvider time)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _line = new();
    private Waiter? _writer;
    private Waiter? _holder;
    private long _since;

    /// <summary>Whether the writer waits for its turn.</summary>
    public bool IsWriterWaiting => Volatile.Read(ref _writer) is not null;

    /// <summary>Waits for the writer's turn. <see cref="End"/> gives it to the next.</summary>
    /// <param name="patience">How long a unit of work may have the turn meanwhile.</param>
    /// <param name="closing">Ends the waiting as well.</param>
    /// <exception cref="TimeoutException">A unit of work has it for too long.</exception>
    public async ValueTask TakeForWriterAsync(TimeSpan patience, CancellationToken closing)
    {
        try
        {
            await TakeAsync(new Waiter(isWriter: true), patience, closing);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("A unit of work keeps everybody else from writing, and the file is being closed.");
        }
    }

    /// <summary>Waits in line for the turn of a unit of work. <see cref="End"/> gives it to the next.</summary>
    /// <param name="patience">How long one other unit of work may have the turn meanwhile; how many come before this one does not matter.</param>
    /// <param name="cancellation">Leaves the line.</param>
    /// <exception cref="TimeoutException">A unit of work has it for too long.</exception>
    public ValueTask TakeAsync(TimeSpan patience, CancellationToken cancellation) => TakeAsync(new Waiter(isWriter: false), patience, cancellation);

    /// <summary>The unit of work that has the turn lets the writer go first, and comes next.</summary>
    public async ValueTask LetWriterAsync()
    {
        var waiter = new Waiter(isWriter: false);
        Waiter? next;
        lock (_gate)
        {
            _line.AddFirst(waiter.Place);
            next = Choose();
        }

        next?.Grant();
        await waiter.Granted;
    }

    public void End()
    {
        Waiter? next;
        lock (_gate)
            next = Choose();
        next?.Grant();
    }

    private async ValueTask TakeAsync(Waiter waiter, TimeSpan patience, CancellationToken cancellation)
    {
        if (!waiter.IsWriter)
            cancellation.ThrowIfCancellationRequested();
        if (!TryTake(waiter))
            await WaitAsync(waiter, time.GetTimestamp(), patience, cancellation);
    }

    private bool TryTake(Waiter waiter)
    {
        lock (_gate)
        {
            if (_holder is null)
            {
                Hold(waiter);
                return true;
            }

            if (waiter.IsWriter)
                _writer = waiter;
            else
                _line.AddLast(waiter.Place);
            return false;
        }
    }

    private async ValueTask WaitAsync(Waiter waiter, long began, TimeSpan patience, CancellationToken cancellation)
    {
        while (!waiter.Granted.IsCompleted)
        {
            var held = time.GetElapsedTime(Math.Max(began, Volatile.Read(ref _since)));
            if ((cancellation.IsCancellationRequested || held >= patience) && TryLeave(waiter))
            {
                cancellation.ThrowIfCancellationRequested();
                throw new TimeoutException($"A unit of work has kept everybody else from writing for {patience}.");
            }

            // A timer that fires a little early must not make the loop spin.
            var left = patience - held > ShortestWait ? patience - held : ShortestWait;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(waiter.Granted, Task.Delay(left, time, over.Token));
            over.Cancel();
        }
    }

    private bool TryLeave(Waiter waiter)
    {
        lock (_gate)
        {
            if (_holder == waiter)
                return false;
            if (waiter.IsWriter)
                _writer = null;
            else
                _line.Remove(waiter.Place);
            return true;
        }
    }

    /// <summary>Who comes next: the writer, unless it had the turn just now and somebody else waits.</summary>
    private Waiter? Choose()
    {
        var hadIt = _holder is { IsWriter: true };
        _holder = null;
        if (_writer is { } writer && (!hadIt || _line.Count == 0))
        {
            _writer = null;
            return Hold(writer);
        }

        if (_line.First is not { Value: { } first })
            return null;
        _line.RemoveFirst();
        return Hold(first);
    }

    private Waiter Hold(Waiter waiter)
    {
        _holder = waiter;
        Volatile.Write(ref _since, time.GetTimestamp());
        return waiter;
    }

    private sealed class Waiter
    {
        private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Waiter(bool isWriter)
        {
            IsWriter = isWriter;
            Place = new LinkedListNode<Waiter>(this);
        }

        public bool IsWriter { get; }

        public LinkedListNode<Waiter> Place { get; }

        public Task Granted => _granted.Task;

        public void Grant() => _granted.TrySetResult();
    }
}
