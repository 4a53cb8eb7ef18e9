using System.Diagnostics.CodeAnalysis;
using Carillon.Parking;
using Carillon.Signalling;
using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>
/// Sorts deliveries into lanes and hands lanes to workers: one worker to a lane at a time, so that a key's messages are handled one by
/// one in their order, while any number of keys go on side by side (G3).
/// </summary>
internal sealed class LaneScheduler
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Partition, string Key), Lane> _byKey = [];
    private readonly HashSet<Lane> _open = [];
    private readonly ReadyLanes _ready = new();
    private readonly Stack<Lane> _spare = new();
    private readonly Stack<LaneWorker> _idle = new();
    private readonly List<WithdrawnLanes> _withdrawn = [];
    private readonly List<WithdrawnLanes> _emptying = [];
    private readonly LinkedList<AsyncSignal> _returning = new();
    private int _surplus;
    private bool _isClosed;

    /// <summary>Puts a delivery at the end of its key's lane. After closing, the delivery is returned instead.</summary>
    public void Add(Delivery delivery) => Add([delivery], static (lane, delivery) => lane.Add(delivery));

    /// <summary>Puts deliveries of one key before all that waits in its lane and was not set aside before. After closing, they are returned instead.</summary>
    public void AddAgain(IReadOnlyList<ParkedDelivery> deliveries)
    {
        if (deliveries.Count > 0)
            Add<ParkedDelivery>([.. deliveries], static (lane, delivery) => lane.AddAgain(delivery));
    }

    /// <summary>Takes what is left of a run out of its lane.</summary>
    public IReadOnlyList<ParkedDelivery> TakeRest(Lane lane, ParkedRun run)
    {
        lock (_gate)
            return lane.TakeRest(run);
    }

    /// <summary>The next lane for a worker, or false when it must wait to be woken. Null when it is to end: the scheduler is closed, or another wants its place.</summary>
    public bool TryTake(LaneWorker worker, out Lane? lane)
    {
        lock (_gate)
        {
            if (_returning.Count + _surplus > 0 && GiveUpPlace())
            {
                lane = null;
                return true;
            }

            if (_ready.TryTake(out lane))
            {
                lane!.Runner = worker;
                return true;
            }

            if (_isClosed)
                return true;
            _idle.Push(worker);
            return false;
        }
    }

    /// <summary>
    /// A worker whose place another one has goes on as soon as one ends for it: one that is idle, or the next that is done with its lane. Completes too when
    /// the worker has no patience any more; one ends all the same then.
    /// </summary>
    public async ValueTask TakePlaceAsync(CancellationToken patience)
    {
        LaneWorker? idle;
        LinkedListNode<AsyncSignal>? place = null;
        lock (_gate)
        {
            if (!_idle.TryPop(out idle) && !_isClosed)
                place = _returning.AddLast(new AsyncSignal());
        }

        idle?.Wake(null);
        try
        {
            await (place?.Value.WaitAsync(patience) ?? ValueTask.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (place!.List is null)
                    return;
                _returning.Remove(place);
                _surplus++;
            }
        }
    }

    /// <summary>The lane's first delivery; the lane stays with its worker. False when there is none (any more).</summary>
    public bool TryTakeFirst(Lane lane, [NotNullWhen(true)] out Delivery? delivery)
    {
        lock (_gate)
            return lane.TryTake(out delivery);
    }

    /// <summary>The same, if it meets a condition.</summary>
    public bool TryTakeFirst(Lane lane, Func<Delivery, bool> isWanted, [NotNullWhen(true)] out Delivery? delivery)
    {
        lock (_gate)
        {
            delivery = null;
            return lane.Count > 0 && isWanted(lane.First) && lane.TryTake(out delivery);
        }
    }

    /// <summary>
    /// Adds more deliveries to a batch: those that follow in the lanes the worker already has, then the first ones of other lanes, which the
    /// worker has from then on as well.
    /// </summary>
    /// <param name="worker">Who takes them.</param>
    /// <param name="batch">What the worker has taken so far, at least one.</param>
    /// <param name="most">The most deliveries of the batch.</param>
    /// <param name="mostOfLane">The most deliveries of one lane.</param>
    /// <param name="belongs">Whether a delivery may join the batch.</param>
    public void TakeMore(LaneWorker worker, List<LaneDelivery> batch, int most, int mostOfLane, Func<Delivery, bool> belongs)
    {
        lock (_gate)
        {
            TakeRun(batch[0].Lane, batch, Math.Min(most, mostOfLane), belongs);
            _ready.TakeWhere(lane => !lane.IsNextAlone && belongs(lane.First), () => batch.Count < most, lane =>
            {
                lane.Runner = worker;
                TakeRun(lane, batch, Math.Min(most, batch.Count + mostOfLane), belongs);
            });
        }
    }

    /// <summary>
    /// Puts deliveries of a batch back at the head of their lane; the worker still has the lane. False when the lane was taken away: they are to be
    /// returned then.
    /// </summary>
    /// <param name="lane">The lane.</param>
    /// <param name="deliveries">What was taken from it last.</param>
    /// <param name="areAlone">Whether each is to be handled by itself.</param>
    public bool TryPutBack(Lane lane, IEnumerable<Delivery> deliveries, bool areAlone = true)
    {
        lock (_gate)
        {
            if (lane.IsWithdrawn)
                return false;
            lane.PutBack(deliveries, areAlone);
            return true;
        }
    }

    /// <summary>The worker is done with the lane's first delivery.</summary>
    public void Release(Lane lane)
    {
        LaneWorker? worker = null;
        lock (_gate)
        {
            lane.Runner = null;
            lane.IsWithdrawn = false;
            lane.Forget();
            if (lane.Count == 0)
                Close(lane);
            else if (_idle.TryPop(out worker))
                lane.Runner = worker;
            else
                _ready.Add(lane);
            if (_withdrawn.Count > 0)
                EndWithdrawals(lane);
        }

        worker?.Wake(lane);
    }

    /// <summary>Takes lanes away: what waits in them is taken out, and what is being handled is to end.</summary>
    public WithdrawnLanes Withdraw(Func<Lane, bool> concerns)
    {
        lock (_gate)
            return WithdrawAll(_open.Where(concerns));
    }

    /// <summary>
    /// Takes one delivery away, and with it what the transport has delivered that waits behind it in its lane. When it is being handled, that is to end; when it waits, what
    /// is handled before it goes on. What was set aside stays: its store has given it to this instance once, and would not give it again.
    /// </summary>
    public WithdrawnLanes Withdraw(Delivery delivery)
    {
        lock (_gate)
        {
            var withdrawn = new WithdrawnLanes();
            if (FindLane(delivery) is { } lane)
                Withdraw(lane, delivery, withdrawn);
            if (!withdrawn.End())
                _withdrawn.Add(withdrawn);
            return withdrawn;
        }
    }

    /// <summary>Tells when lanes have become empty by themselves. Nothing is taken out of them.</summary>
    public WithdrawnLanes Watch(Func<Lane, bool> concerns)
    {
        lock (_gate)
        {
            var watched = new WithdrawnLanes();
            watched.Busy.UnionWith(_open.Where(concerns));
            if (!watched.End())
                _emptying.Add(watched);
            return watched;
        }
    }

    /// <summary>The workers that still work on lanes which were taken away.</summary>
    public IReadOnlyList<LaneWorker> WorkingOn(WithdrawnLanes withdrawn)
    {
        lock (_gate)
            return FindRunners(withdrawn);
    }

    /// <summary>The partitions of those lanes.</summary>
    public IReadOnlyList<string> BusyPartitions(WithdrawnLanes withdrawn)
    {
        lock (_gate)
            return [.. withdrawn.Busy.Select(static lane => lane.Partition).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What cancels the work on lanes that were taken away: that of this moment, and nothing that a worker begins later.</summary>
    public IReadOnlyList<CancellationTokenSource> TakeCancellations(WithdrawnLanes withdrawn)
    {
        lock (_gate)
            return [.. FindRunners(withdrawn).Select(static worker => worker.TakeCancellation()).OfType<CancellationTokenSource>()];
    }

    /// <summary>Lets workers end when they find no more work, and takes no more deliveries.</summary>
    public void Close()
    {
        LaneWorker[] idle;
        lock (_gate)
        {
            _isClosed = true;
            while (_returning.Count > 0)
                GiveUpPlace();
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var worker in idle)
            worker.Wake(null);
    }

    private void Add<TDelivery>(ReadOnlySpan<TDelivery> deliveries, Action<Lane, TDelivery> add)
        where TDelivery : Delivery
    {
        LaneWorker? worker = null;
        Lane? lane = null;
        lock (_gate)
        {
            if (!_isClosed)
            {
                lane = LaneFor(deliveries[0]);
                var isNew = lane.Count == 0 && lane.Runner is null;
                foreach (var delivery in deliveries)
                    add(lane, delivery);
                if (!isNew)
                    return;
                if (!_idle.TryPop(out worker))
                {
                    _ready.Add(lane);
                    return;
                }

                lane.Runner = worker;
            }
        }

        if (lane is not null)
            worker!.Wake(lane);
        else
            foreach (var delivery in deliveries)
                delivery.Return();
    }

    private WithdrawnLanes WithdrawAll(IEnumerable<Lane> lanes)
    {
        var withdrawn = new WithdrawnLanes();
        foreach (var lane in lanes.ToArray())
        {
            withdrawn.Taken.AddRange(lane.TakeAll());
            lane.IsWithdrawn = lane.Runner is not null;
            if (lane.IsWithdrawn)
                withdrawn.Busy.Add(lane);
            else
                Close(lane);
        }

        _ready.Remove(lane => lane.Count == 0);
        if (!withdrawn.End())
            _withdrawn.Add(withdrawn);
        return withdrawn;
    }

    private void Withdraw(Lane lane, Delivery delivery, WithdrawnLanes withdrawn)
    {
        if (lane.IsTaken(delivery))
        {
            withdrawn.Taken.AddRange(lane.TakeDelivered());
            withdrawn.Busy.Add(lane);
            lane.IsWithdrawn = true;
            return;
        }

        withdrawn.Taken.AddRange(lane.TakeFrom(delivery));
        if (lane is not { Count: 0, Runner: null })
            return;
        _ready.Remove(static ready => ready.Count == 0);
        Close(lane);
    }

    private bool GiveUpPlace()
    {
        if (_returning.First is not { } place)
            return _surplus-- > 0;
        _returning.Remove(place);
        place.Value.Set();
        return true;
    }

    private static void TakeRun(Lane lane, List<LaneDelivery> batch, int most, Func<Delivery, bool> belongs)
    {
        while (batch.Count < most && lane.Count > 0 && !lane.IsNextAlone && belongs(lane.First))
            batch.Add(new LaneDelivery(lane, lane.Take()));
    }

    private Lane? FindLane(Delivery delivery) => delivery.Envelope.Key is { } key
        ? _byKey.GetValueOrDefault((delivery.Partition, key))
        : _open.FirstOrDefault(lane => lane.Key is null && (lane.IsTaken(delivery) || (lane.Count > 0 && lane.First == delivery)));

    private Lane LaneFor(Delivery delivery)
    {
        var key = delivery.Envelope.Key;
        if (key is not null && _byKey.TryGetValue((delivery.Partition, key), out var lane))
            return lane;
        if (!_spare.TryPop(out lane))
            lane = new Lane();
        lane.Open(delivery.Partition, key);
        _open.Add(lane);
        if (key is not null)
            _byKey.Add((delivery.Partition, key), lane);
        return lane;
    }

    private void Close(Lane lane)
    {
        _open.Remove(lane);
        if (lane.Key is { } key)
            _byKey.Remove((lane.Partition, key));
        if (_emptying.Count > 0)
            EndWatches(lane);
        _spare.Push(lane);
    }

    private void EndWatches(Lane lane) => _emptying.RemoveAll(watched => watched.End(lane));

    private void EndWithdrawals(Lane lane) => _withdrawn.RemoveAll(withdrawn => withdrawn.End(lane));

    private static List<LaneWorker> FindRunners(WithdrawnLanes withdrawn) => [.. withdrawn.Busy.Select(static lane => lane.Runner!).Distinct()];
}
