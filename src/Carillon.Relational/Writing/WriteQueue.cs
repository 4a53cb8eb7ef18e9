using System.Threading.Channels;

namespace Carillon.Relational;

/// <summary>The way to a writer of a database: whatever is queued is committed together.</summary>
/// <param name="operationsMax">How many operations one transaction should hold at most.</param>
internal sealed class WriteQueue(int operationsMax = 512)
{
    private const long GroupBytesMax = 4L << 20;
    private readonly Channel<WriteOperation> _queue = Channel.CreateUnbounded<WriteOperation>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Whether the writer has taken everything.</summary>
    public bool IsEmpty => !_queue.Reader.TryPeek(out _);

    /// <summary>
    /// Writes and waits until it is durable. Cancelling takes the operation back if it has not begun; once begun, its end is waited for, so that
    /// nothing of the caller's is touched after this has completed.
    /// </summary>
    public async Task<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_queue.Writer.TryWrite(operation))
            throw new ObjectDisposedException(nameof(WriteQueue), "The database was closed.");
        using var registration = cancellation.UnsafeRegister(
            static (state, token) => ((WriteOperation<TResult>)state!).Withdraw(token), operation);
        return await operation.Completion;
    }

    /// <summary>Waits until something is queued; false when the queue is closed and empty.</summary>
    public ValueTask<bool> WaitAsync() => _queue.Reader.WaitToReadAsync();

    /// <summary>Takes what is queued, as much as one transaction should hold.</summary>
    public void Take(List<WriteOperation> group)
    {
        var bytes = 0L;
        while (group.Count < operationsMax && bytes < GroupBytesMax && _queue.Reader.TryRead(out var operation))
        {
            if (!operation.TryStart())
                continue;
            group.Add(operation);
            bytes += operation.Size;
        }
    }

    /// <summary>Takes nothing more; what is queued is still written.</summary>
    public void Close() => _queue.Writer.TryComplete();
}
