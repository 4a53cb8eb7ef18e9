using Carillon.Transports;

namespace Carillon.Tests.Publishing;

/// <summary>A transport's sender that keeps what it is given and answers as the test says.</summary>
internal sealed class TestSender : ITransportSender
{
    private readonly Lock _gate = new();
    private readonly List<Envelope[]> _batches = [];
    private int _running;

    /// <summary>What becomes of a batch. Default: stored at once.</summary>
    public Func<Envelope[], CancellationToken, ValueTask<IReadOnlyList<SendFailure>?>> Answer { get; set; } = (_, _) => default;

    /// <summary>Whether two batches were ever sent at once.</summary>
    public bool Overlapped { get; private set; }

    public IReadOnlyList<Envelope[]> Batches
    {
        get
        {
            lock (_gate)
                return [.. _batches];
        }
    }

    /// <summary>The keys of all messages in the order in which they came.</summary>
    public IReadOnlyList<string?> Keys => [.. Batches.SelectMany(batch => batch).Select(envelope => envelope.Key)];

    public async ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        Overlapped |= Interlocked.Increment(ref _running) > 1;
        try
        {
            var envelopes = batch.ToArray();
            lock (_gate)
                _batches.Add(envelopes);
            return await Answer(envelopes, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Makes every batch wait until the returned source is completed.</summary>
    public TaskCompletionSource Hold()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Answer = async (_, _) =>
        {
            await hold.Task;
            return null;
        };
        return hold;
    }

    public ValueTask DisposeAsync() => default;
}
