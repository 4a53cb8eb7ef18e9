using System.Runtime.CompilerServices;
using Carillon.Diagnostics;
using Carillon.Transports;

namespace Carillon.Publishing;

/// <summary>
/// Collects the messages of many callers into batches for the transport, in the order of the calls: one batch at a time, or more where the transport
/// takes them. While nothing is in flight the caller itself sends; what comes meanwhile makes the next batch.
/// </summary>
internal sealed class PublishBatcher : IDisposable
{
    // After as many batches a caller is done serving others, and the loop goes on elsewhere.
    private const int BatchesPerCaller = 4;
    private const int CallsPerCaller = 512;

    private readonly PublishBuffer _buffer;
    private readonly PublishItemPool _pool;
    private readonly CancellationTokenSource _abort = new();
    private readonly Action<object?, CancellationToken> _cancel;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SendSignal? _wake;
    private Task? _loop;

    // The loop, and the batches that it does not wait for.
    private int _open = 1;

    public PublishBatcher(PublisherOptions options)
    {
        _buffer = new PublishBuffer(options);
        _pool = new PublishItemPool(options.BufferMessages);
        _cancel = (item, token) => Cancel((PublishItem)item!, token);
    }

    /// <summary>How many messages are accepted and not yet confirmed.</summary>
    public int Count => _buffer.Count;

    /// <summary>How many messages were confirmed, refused or given up.</summary>
    public long Finished => _buffer.Finished;

    /// <summary>Knows whether whole batches fail, for health.</summary>
    public RecurringFailure? Sending { get; init; }

    /// <summary>Begins to accept messages and to send them. Once only.</summary>
    public ValueTask StartAsync(ITransportSender sender)
    {
        _buffer.Open();
        _wake = new SendSignal();
        _loop = RunAsync(sender, _wake, _abort.Token);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Accepts nothing any more, sends what was accepted, and completes when all of it is confirmed. When <paramref name="deadline"/> is
    /// cancelled, the rest fails instead. May be called several times.
    /// </summary>
    public async ValueTask StopAsync(CancellationToken deadline)
    {
        if (_buffer.Close())
            _wake!.Set();
        if (_loop is not { } loop)
            return;
        try
        {
            await loop.WaitAsync(deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            _buffer.Abandon();
            _abort.Cancel();
        }
    }

    /// <inheritdoc cref="PublishBuffer.DemandOpen"/>
    public void DemandRunning() => _buffer.DemandOpen();

    /// <summary>Publishes one message.</summary>
    /// <returns>Completes when the transport has confirmed the message; to be awaited once.</returns>
    public ValueTask PublishAsync(in Envelope envelope, OverloadBehavior? overload, CancellationToken cancellation)
    {
        var item = Prepare(envelope);
        Submit(new ReadOnlySpan<PublishItem>(ref item), overload, cancellation);
        return item.Outcome;
    }

    /// <summary>Makes an item of a message, to be submitted or released.</summary>
    public PublishItem Prepare(in Envelope envelope)
    {
        var item = _pool.Rent();
        item.Fill(envelope);
        return item;
    }

    /// <summary>Publishes items next to each other. When it throws, nothing was accepted and the items are released.</summary>
    /// <exception cref="CarillonException">The bus is not running, or there is no room and the choice was not to wait.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before it began.</exception>
    public void Submit(ReadOnlySpan<PublishItem> items, OverloadBehavior? overload, CancellationToken cancellation)
    {
        bool wake;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            wake = _buffer.Add(items, overload, cancellation);
        }
        catch
        {
            foreach (var item in items)
                item.Release();
            throw;
        }

        if (wake)
            _wake!.Set();
        if (cancellation.CanBeCanceled)
            Watch(items, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _abort.Dispose();

    private void Watch(ReadOnlySpan<PublishItem> items, CancellationToken cancellation)
    {
        foreach (var item in items)
        {
            // Read without the lock: most messages are confirmed by now, and a wrong answer is put right below.
            if (item.State == PublishItemState.Completed)
                continue;
            var registration = cancellation.UnsafeRegister(_cancel, item);
            if (!_buffer.TryKeep(item, registration))
                registration.Unregister();
        }
    }

    private void Cancel(PublishItem item, CancellationToken cancellation)
    {
        if (_buffer.Cancel(item, cancellation))
            _wake!.Set();
    }

    private async Task RunAsync(ITransportSender sender, SendSignal wake, CancellationToken abort)
    {
        var pipelined = sender as IPipelinedSender;
        var most = pipelined?.MessagesMax ?? int.MaxValue;
        var batch = new PublishBatch(most);
        var sinceWake = 0;
        var isWorthWaiting = false;
        var mostSinceWake = pipelined is null ? BatchesPerCaller : CallsPerCaller;
        while (true)
        {
            // A transport that takes its time is worth a full batch: callers whose messages were just confirmed come back first.
            if (isWorthWaiting || sinceWake == mostSinceWake)
                await Task.Yield();
            if (!_buffer.TryTake(batch, most, out var isFinished))
            {
                if (isFinished)
                {
                    LeaveOpen();
                    await _ended.Task;
                    return;
                }

                await wake.WaitAsync();
                sinceWake = 0;
                continue;
            }

            sinceWake++;
            var sending = BeginSending(sender, batch, abort);
            isWorthWaiting = !sending.IsCompleted && pipelined is null;
            if (sending.IsCompleted || pipelined is null)
            {
                await FinishAsync(batch, sending);
            }
            else
            {
                _ = FinishLaterAsync(batch, sending);
                batch = new PublishBatch(most);
            }
        }
    }

    private static ValueTask<IReadOnlyList<SendFailure>?> BeginSending(ITransportSender sender, PublishBatch batch, CancellationToken abort)
    {
        try
        {
            return sender.SendAsync(batch.Envelopes, abort);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<IReadOnlyList<SendFailure>?>(exception);
        }
    }

    /// <summary>Waits for a batch while further ones are sent.</summary>
    private async Task FinishLaterAsync(PublishBatch batch, ValueTask<IReadOnlyList<SendFailure>?> sending)
    {
        Interlocked.Increment(ref _open);
        if (await FinishAsync(batch, sending))
            _wake!.Set();
        LeaveOpen();
    }

    private void LeaveOpen()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _ended.SetResult();
    }

    /// <returns>Whether the sending loop is to be woken.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FinishAsync(PublishBatch batch, ValueTask<IReadOnlyList<SendFailure>?> sending)
    {
        try
        {
            PublishOutcomes.Report(batch, await sending);
            Sending?.Succeeded();
        }
        catch (Exception exception)
        {
            PublishOutcomes.Report(batch, exception);
            Sending?.Failed(exception);
        }

        var wake = _buffer.Complete(batch);
        batch.Clear();
        return wake;
    }
}
