using Carillon.Testing.Logs;
using Carillon.Testing.Network;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>What a receiver does, step by step: looks after its leases, and hands messages over when there are some and there is room.</summary>
internal sealed class DeliveryLoop(
    ServerCalls server, SimulatedLog log, string subscription, ReceiverLeases leases, CursorWriter cursors, SettlementBalance balance, WakeSource settled, SimulatedTransportOptions options)
{
    private readonly PartitionHandovers<HeldPartition> _handovers = new(options.HandoverTimeout, server.Time, settled.Raise);
    private readonly Queue<(SimulatedDelivery Delivery, long At)> _open = new();
    private bool _isTurnOfLeft;

    /// <summary>One step: ends when something was done, or is to be done.</summary>
    /// <param name="sink">Where messages go.</param>
    /// <param name="stopping">Ends the step early.</param>
    public async ValueTask StepAsync(IDeliverySink sink, CancellationToken stopping)
    {
        await LookAfterLeasesAsync(sink, stopping);
        GiveUp(sink, leases.FindSurplus());
        StepAside(sink, leases.FindWanted());
        await GiveBackAsync();
        await AssignAsync(sink, stopping);
        if (cursors.IsDue)
            await cursors.WriteAsync(stopping);
        if (await WaitForRoomAsync(sink, stopping) is > 0 and var room)
            await HandOverAsync(sink, Math.Min(room, options.MostAtOnce), stopping);
    }

    /// <summary>One step after the receiver has stopped, while what was handed over may still be finished.</summary>
    public async ValueTask KeepAsync(IDeliverySink sink, CancellationToken closing)
    {
        var woken = settled.Arm();
        await LookAfterLeasesAsync(sink, closing);
        if (cursors.HasUnwritten)
            await cursors.WriteAsync(closing);
        using var waiting = new Deadline(leases.UntilRenewal, server.Time, closing, woken);
        await waiting.PassAsync();
    }

    private async ValueTask LookAfterLeasesAsync(IDeliverySink sink, CancellationToken cancellation)
    {
        if (leases.MayHaveRunOut)
            leases.LoseAll();
        Lose(sink);
        LoseOverdue(sink);
        if (leases.UntilRenewal > TimeSpan.Zero)
            return;
        await leases.RenewAsync(cancellation);
        Lose(sink);
    }

    private void Lose(IDeliverySink sink)
    {
        if (leases.FindLost() is not { Count: > 0 } lost)
            return;
        sink.Lose(lost);
        leases.ForgetLost();
    }

    private void LoseOverdue(IDeliverySink sink)
    {
        while (_open.TryPeek(out var oldest) && (!oldest.Delivery.CanBeLost || server.Time.GetElapsedTime(oldest.At) >= options.AcknowledgementTimeout))
        {
            _open.Dequeue();
            if (!oldest.Delivery.CanBeLost)
                continue;
            oldest.Delivery.Lose();
            sink.Lose(oldest.Delivery);
        }
    }

    private void GiveUp(IDeliverySink sink, IReadOnlyList<HeldPartition> partitions)
    {
        foreach (var partition in partitions)
            _handovers.Begin(sink, partition, partition.Assignment, partition.Progress);
    }

    private void StepAside(IDeliverySink sink, IReadOnlyList<HeldPartition> partitions)
    {
        foreach (var partition in partitions)
            _handovers.BeginStepAside(sink, partition, partition.Assignment, partition.Progress);
    }

    private async ValueTask GiveBackAsync()
    {
        var drained = _handovers.Drained;
        HeldPartition[] leaving = [.. drained.Where(leases.Held.Contains)];
        if (leaving.Length > 0)
            await leases.ReleaseAsync(leaving);
        foreach (var partition in drained)
            _handovers.End(partition);
    }

    private async ValueTask AssignAsync(IDeliverySink sink, CancellationToken stopping)
    {
        HeldPartition[] gained = [.. leases.Held.Where(partition => !partition.IsAssigned)];
        if (gained.Length == 0)
            return;
        using var deadline = new Deadline(leases.TimeLeft / 2, server.Time, stopping);
        await sink.AssignAsync([.. gained.Select(static partition => partition.Assignment)], deadline.Token);
        foreach (var partition in gained)
            partition.IsAssigned = true;
    }

    private async ValueTask<int> WaitForRoomAsync(IDeliverySink sink, CancellationToken stopping)
    {
        using var waiting = new Deadline(leases.UntilRenewal, server.Time, stopping);
        return await WaitAsync(sink.WaitForRoomAsync, waiting.Token, stopping);
    }

    private async ValueTask HandOverAsync(IDeliverySink sink, int room, CancellationToken stopping)
    {
        room -= await HandOverLeftAsync(sink, room, stopping);
        if (room == 0)
            return;
        var places = FindPlaces();
        if (places.Length > 0)
        {
            var page = await server.AskAsync(ServerOperation.Fetch, () => log.Fetch(subscription, leases.Instance, places, room), leases.TimeLeft, stopping);
            if (await TakeOverAsync(sink, page, places, stopping))
                return;
        }

        // What is settled from here on wakes the loop, so look once more before waiting.
        using var waiting = new Deadline(leases.UntilRenewal, server.Time, stopping, settled.Arm());
        if (cursors.HasUnwritten)
            await cursors.WriteAsync(stopping);
        else if (!HasLeft() && FindPlaces() is var next && await WaitForPageAsync(next, room, waiting.Token, stopping) is { } late)
            await TakeOverAsync(sink, late, next, stopping);
    }

    /// <summary>Hands over what was left behind before and can go on.</summary>
    /// <returns>How many messages that were.</returns>
    private async ValueTask<int> HandOverLeftAsync(IDeliverySink sink, int room, CancellationToken stopping)
    {
        // With room for one, new messages have their turn too.
        _isTurnOfLeft = !_isTurnOfLeft;
        var (most, share) = (Math.Max(room / 2, _isTurnOfLeft ? 1 : 0), sink.Room);
        var places = new List<LeasedPlace>();
        foreach (var partition in leases.Held)
            places.AddRange(partition.FindLeft(most - places.Count, ref share).Select(position => new LeasedPlace(partition.Number, partition.Epoch, position)));
        if (places.Count == 0)
            return 0;
        var asked = leases.Held.ToArray();
        try
        {
            var page = await server.AskAsync(ServerOperation.Fetch, () => log.FetchAt(subscription, leases.Instance, places), leases.TimeLeft, stopping);
            return IsUsable(page) ? await HandOverAsync(sink, asked.Where(leases.Held.Contains).SelectMany(partition =>
                partition.TakeLeft(page.Messages.Where(message => message.Partition == partition.Number)).Select(taken => Deliver(partition, taken))), stopping) : 0;
        }
        finally
        {
            foreach (var partition in asked)
                partition.GiveLeftUp();
        }
    }

    private ValueTask<FetchedPage?> WaitForPageAsync(LeasedPlace[] places, int room, CancellationToken waiting, CancellationToken stopping)
    {
        var generation = leases.Generation;
        return WaitAsync<FetchedPage?>(
            async token => await server.WaitAsync(ServerOperation.Fetch, at => log.FetchAsync(subscription, leases.Instance, places, room, generation, at), token),
            waiting, stopping);
    }

    /// <summary>Hands over what a page brought.</summary>
    /// <returns>Whether there was anything.</returns>
    private async ValueTask<bool> TakeOverAsync(IDeliverySink sink, FetchedPage page, LeasedPlace[] places, CancellationToken stopping)
    {
        if (!IsUsable(page))
            return true;
        var byPartition = page.Messages.ToLookup(message => message.Partition);
        var (deliveries, share) = (new List<SimulatedDelivery>(), leases.SettlesFirst ? DeliveryRoom.Unlimited : sink.Room);
        foreach (var place in places)
        {
            if (leases.Held.FirstOrDefault(partition => partition.Number == place.Partition && partition.Epoch == place.Epoch) is { } partition)
                deliveries.AddRange(partition.Take(byPartition[place.Partition], place.Position, page.ReadTo, ref share).Select(taken => Deliver(partition, taken)));
        }

        return await HandOverAsync(sink, deliveries, stopping) > 0 || page.Messages.Count > 0 || page.Stale.Count > 0 || leases.UntilRenewal <= TimeSpan.Zero;
    }

    /// <summary>Whether what a page brought may be handed over: another instance may have come that is to get what this one cannot handle.</summary>
    private bool IsUsable(FetchedPage page)
    {
        if (page.Generation != leases.Generation)
            leases.WantRenewal();
        foreach (var number in page.Stale)
            leases.Lose(number);
        return !leases.MayHaveRunOut && page.Generation == leases.Generation;
    }

    private SimulatedDelivery Deliver(HeldPartition partition, TakenMessage taken) => new(partition, taken, balance, settled);

    private async ValueTask<int> HandOverAsync(IDeliverySink sink, IEnumerable<SimulatedDelivery> taken, CancellationToken stopping)
    {
        SimulatedDelivery[] deliveries = [.. taken];
        if (leases.SettlesFirst && deliveries.Length > 0)
            deliveries = await cursors.SettleAsync(deliveries, stopping);
        if (deliveries.Length == 0)
            return 0;
        var order = options.Order();
        Array.Sort(deliveries, (one, other) => one.Partition == other.Partition ? Nullable.Compare(one.Position, other.Position) : order(one, other));
        balance.HandOver(deliveries.Length);
        foreach (var delivery in options.AcknowledgementTimeout is null ? [] : deliveries)
            _open.Enqueue((delivery, server.Time.GetTimestamp()));
        sink.Deliver(deliveries);
        return deliveries.Length;
    }

    private bool HasLeft() => leases.Held.Any(static partition => partition.HasLeft);

    private LeasedPlace[] FindPlaces() => [.. leases.Held.Select(partition => partition.FindNext()).OfType<LeasedPlace>()];

    /// <summary>Waits for something that may come late or not at all.</summary>
    /// <returns>The default when the waiting was ended for another reason than stopping.</returns>
    private static async ValueTask<T?> WaitAsync<T>(Func<CancellationToken, ValueTask<T>> wait, CancellationToken waiting, CancellationToken stopping)
    {
        try
        {
            return await wait(waiting);
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return default;
        }
    }
}
