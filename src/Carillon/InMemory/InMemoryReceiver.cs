using System.Globalization;
using Carillon.Signalling;
using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>One instance's share of a subscription: a loop that hands messages over when there are some and there is room.</summary>
internal sealed class InMemoryReceiver(InMemorySubscription subscription, TimeSpan handoverTimeout, TimeProvider time) : ITransportReceiver, IHealthReporting
{
    private const int MostAtOnce = 256;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly AsyncSignal _signal = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Delivery[] _batch = new Delivery[MostAtOnce];
    private CancellationTokenSource _interruption = new();
    private Task _loop = Task.CompletedTask;
    private readonly List<int> _unassigned = [];
    private IReadOnlyCollection<AssignedPartition> _abandoned = [];
    private Task _handled = Task.CompletedTask;
    private HealthFinding? _failure;
    private bool _isDisturbed;
    private int _firstPartition;

    public InMemorySubscription Subscription => subscription;

    /// <summary>Deliveries that hold no message at the moment. Guarded by the lock of the subscription.</summary>
    public Stack<InMemoryDelivery> Idle { get; } = new();

    public ValueTask StartAsync(IDeliverySink sink, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        subscription.Group.Join(this);
        _loop = ReceiveAsync(sink);
        return ValueTask.CompletedTask;
    }

    public async ValueTask StopAsync(CancellationToken cancellation)
    {
        _stop.Cancel();
        Disturb();
        await _loop.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync(CancellationToken.None);
        }
        finally
        {
            subscription.Group.Leave(this, [.. _abandoned.Select(static abandoned => abandoned.Partition)]);
            _ = ReleaseAbandonedAsync();
        }
    }

    /// <inheritdoc/>
    public void Abandon(IReadOnlyCollection<AssignedPartition> partitions, Task handled) => (_abandoned, _handled) = (partitions, handled);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) =>
        new(Volatile.Read(ref _failure) is { } failure ? [failure] : []);

    /// <summary>There may be something to hand over.</summary>
    public void Wake() => _signal.Set();

    /// <summary>The loop is to look at its orders again, whatever it waits for.</summary>
    public void Disturb()
    {
        CancellationTokenSource interruption;
        lock (_gate)
        {
            _isDisturbed = true;
            interruption = _interruption;
        }

        interruption.Cancel();
        _signal.Set();
    }

    private async Task ReceiveAsync(IDeliverySink sink)
    {
        await Task.Yield();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (TakeDisturbance())
                    await FollowAssignmentAsync(sink);
                var room = await sink.WaitForRoomAsync(_interruption.Token);
                if (!HandOver(sink, room))
                    await _signal.WaitAsync(CancellationToken.None);
            }
            catch (OperationCanceledException) when (_interruption.IsCancellationRequested || _stop.IsCancellationRequested)
            {
                // Disturbed while waiting: the loop looks at its orders.
            }
            catch (Exception e)
            {
                await AfterFailureAsync(e);
            }
        }
    }

    /// <summary>Whatever the runtime could not do now, it may do later: a receiver never ends before it is stopped.</summary>
    private async ValueTask AfterFailureAsync(Exception error)
    {
        var since = Volatile.Read(ref _failure)?.Since ?? time.GetUtcNow();
        Volatile.Write(ref _failure, new HealthFinding(HealthSeverity.Unhealthy, $"{subscription.Topology.Name} receives nothing: {error.Message} It tries again.") { Since = since, Error = error });
        Disturb();
        try
        {
            await Task.Delay(PauseAfterFailure, time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // It is stopped: the loop ends.
        }
    }

    private bool HandOver(IDeliverySink sink, int room)
    {
        if (_interruption.IsCancellationRequested)
            return true;
        var count = subscription.Take(this, _firstPartition++, _batch.AsSpan(0, Math.Min(room, MostAtOnce)), sink.Room);
        if (count == 0)
            return false;
        if (subscription.Topology.DeliversAtMostOnce)
            subscription.Finish(_batch.AsSpan(0, count));
        sink.Deliver(_batch.AsSpan(0, count));
        Array.Clear(_batch, 0, count);
        return true;
    }

    private async ValueTask FollowAssignmentAsync(IDeliverySink sink)
    {
        foreach (var partition in subscription.Group.BeginToLetGo(this))
        {
            _unassigned.Remove(partition);
            _ = HandOverAsync(sink, partition);
        }

        _unassigned.AddRange(subscription.Group.TakeOver(this));
        if (_unassigned.Count > 0)
            await sink.AssignAsync([.. _unassigned.Select(static partition => new AssignedPartition(Partitions.Name(partition)))], _stop.Token);
        _unassigned.Clear();
        Volatile.Write(ref _failure, null);
    }

    /// <summary>Gives a partition to its heir when nothing of it is being handled any more, however long that takes; the others go on meanwhile.</summary>
    private async Task HandOverAsync(IDeliverySink sink, int partition)
    {
        while (true)
        {
            using var deadline = new CancellationTokenSource(handoverTimeout, time);
            try
            {
                await sink.RevokeAsync([new AssignedPartition(Partitions.Name(partition))], deadline.Token);
                subscription.Group.Release(this, partition);
                return;
            }
            catch (Exception e)
            {
                if (_stop.IsCancellationRequested)
                    return;
                await AfterFailureAsync(e);
            }
        }
    }

    private async Task ReleaseAbandonedAsync()
    {
        await _handled;
        foreach (var (partition, _) in _abandoned)
            subscription.Group.Release(this, int.Parse(partition, CultureInfo.InvariantCulture));
    }

    private bool TakeDisturbance()
    {
        lock (_gate)
        {
            if (!_isDisturbed)
                return false;
            _isDisturbed = false;
            _interruption = new CancellationTokenSource();
            return true;
        }
    }
}
