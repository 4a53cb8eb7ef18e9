using System.Collections.Concurrent;
using Carillon.Conformance.Waiting;
using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>
/// The runtime's side of a receiver as a scenario needs it: writes down every delivery, settles it at once or when told to, and notes
/// every breach of the contract of <see cref="IDeliverySink"/>.
/// </summary>
/// <param name="room">How many open deliveries it takes.</param>
/// <param name="acknowledges">Whether it acknowledges at once.</param>
/// <param name="finishes">Whether it lets the open messages of a revoked partition be handled, rather than returning them.</param>
/// <param name="heeds">Whether it returns what is still open of a revoked partition when the deadline says so.</param>
/// <param name="watch">What sees to it that no key is in two sinks, or null.</param>
/// <param name="sharesRoom">Whether it says what is left of the room, so that no key takes all of it.</param>
internal sealed class RecordingSink(int room, bool acknowledges, bool finishes, bool heeds, KeyWatch? watch, bool sharesRoom = false) : IDeliverySink
{
    private readonly Lock _gate = new();
    private readonly List<Receipt> _receipts = [];
    private readonly List<Receipt> _lost = [];
    private readonly Dictionary<string, AssignedPartition> _assigned = [];
    private readonly HashSet<(string Partition, long? Fence)> _known = [];
    private readonly HashSet<(string Partition, long? Fence)> _revoked = [];
    private readonly HashSet<string> _revoking = [];
    private int _calls;
    private bool _isClosed;

    /// <summary>Raised by every delivery, settlement and assignment.</summary>
    public ChangeSignal Changes { get; } = new();

    /// <summary>What the receiver did wrong.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>Everything that was handed over, in that order.</summary>
    public Receipt[] Receipts => Locked(() => _receipts.ToArray());

    /// <summary>The numbers of the messages handed over, in that order.</summary>
    public int[] Numbers => [.. Receipts.Select(receipt => receipt.Number)];

    /// <summary>What was lost alone, in that order.</summary>
    public Receipt[] Lost => Locked(() => _lost.ToArray());

    /// <summary>How many partitions the receiver owns.</summary>
    public int AssignedCount => Locked(() => _assigned.Count);

    /// <summary>The partitions that the receiver owns.</summary>
    public string[] Assigned => Locked(() => _assigned.Keys.Order(StringComparer.Ordinal).ToArray());

    /// <summary>The partitions that the receiver owns, as they were assigned.</summary>
    public AssignedPartition[] Assignments => Locked(() => _assigned.Values.ToArray());

    /// <summary>The partitions that are being revoked just now.</summary>
    public string[] Revoking => Locked(() => _revoking.ToArray());

    public DeliveryRoom Room => !sharesRoom ? DeliveryRoom.Unlimited : new DeliveryRoom(Math.Max(0, Locked(() => room - _receipts.Count(receipt => receipt.IsOpen))), long.MaxValue);

    /// <summary>From now on nothing may be handed over any more.</summary>
    public void Close() => Locked(() => _isClosed = true);

    public void Acknowledge(params IEnumerable<Receipt> receipts) => Settle(receipts, static delivery => delivery.Acknowledge());

    public void Return(params IEnumerable<Receipt> receipts) => Settle(receipts, static delivery => delivery.Return());

    /// <summary>Acknowledges a delivery unless it was settled already.</summary>
    public bool TryAcknowledge(Receipt receipt)
    {
        var isMine = TrySettle(receipt, static delivery => delivery.Acknowledge());
        Changes.Raise();
        return isMine;
    }

    /// <summary>Waits until so many messages were handed over.</summary>
    public Task WaitForAsync(int count) => WaitUntilAsync(() => Receipts.Length >= count, $"{count} deliveries");

    public Task WaitUntilAsync(Func<bool> condition, string what) =>
        Patience.UntilAsync(Changes, condition, () => $"{what}. {Receipts.Length} were handed over: {string.Join(' ', Receipts.Take(100).AsEnumerable())}");

    public async ValueTask<int> WaitForRoomAsync(CancellationToken cancellation)
    {
        using var call = Enter(nameof(WaitForRoomAsync));
        while (true)
        {
            var next = Changes.Next;
            var free = Locked(() => room - _receipts.Count(receipt => receipt.IsOpen));
            if (free > 0)
                return free;
            await next.WaitAsync(cancellation);
        }
    }

    public void Deliver(ReadOnlySpan<Delivery> deliveries)
    {
        using var call = Enter(nameof(Deliver));
        var receipts = new List<Receipt>();
        foreach (var delivery in deliveries)
            receipts.Add(new Receipt(delivery));
        Locked(() => Record(receipts));
        if (acknowledges)
            Acknowledge(receipts);
        Changes.Raise();
    }

    public ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        using var call = Enter(nameof(AssignAsync));
        foreach (var assignment in partitions)
        {
            if (!Locked(() => _assigned.TryAdd(assignment.Partition, assignment)))
                Faults.Enqueue($"partition {assignment.Partition} was assigned twice");
            Locked(() => _known.Add((assignment.Partition, assignment.Fence)));
        }

        Changes.Raise();
        return ValueTask.CompletedTask;
    }

    public async ValueTask RevokeAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken deadline)
    {
        var present = FindPresent(partitions);
        foreach (var again in partitions.Where(assignment => assignment.Fence is not null && !Locked(() => _revoked.Add((assignment.Partition, assignment.Fence)))))
            Faults.Enqueue($"partition {again.Partition} was revoked twice by fence {again.Fence}");
        Locked(() => _revoking.UnionWith(present));
        Changes.Raise();
        if (finishes)
            await WaitUntilAsync(() => (heeds && deadline.IsCancellationRequested) || !OpenIn(present).Any(), "messages of revoked partitions to be handled");
        Return(OpenIn(present));
        // The runtime lets go of a message when it has settled it.
        await WaitUntilAsync(() => Receipts.All(receipt => receipt.IsSettled || !present.Contains(receipt.Partition)), "messages of revoked partitions to be settled");
        End(partitions, present);
    }

    public void Lose(IReadOnlyCollection<AssignedPartition> partitions)
    {
        var present = FindPresent(partitions);
        End(partitions, present);
        if (!finishes || heeds)
            Return(OpenIn(present));
    }

    public void Lose(Delivery delivery)
    {
        if (Receipts.FirstOrDefault(receipt => receipt.IsOpen && receipt.Delivery == delivery) is not { } lost)
            return;
        Locked(() => _lost.Add(lost));
        // Whatever is said of it has no effect; what is behind it in hand comes again behind it.
        TryAcknowledge(lost);
        Return(Receipts.Where(receipt => receipt.IsOpen && receipt.Envelope.Key == lost.Envelope.Key));
    }

    private string[] FindPresent(IReadOnlyCollection<AssignedPartition> partitions) => Locked(() =>
    {
        foreach (var (partition, fence) in partitions.Where(assignment => !_known.Contains((assignment.Partition, assignment.Fence))))
            Faults.Enqueue($"partition {partition} was taken away by fence {fence}, by which it was never assigned");
        return partitions.Where(IsPresent).Select(static assignment => assignment.Partition).ToArray();
    });

    private bool IsPresent(AssignedPartition assignment) => _assigned.TryGetValue(assignment.Partition, out var present) && present.Fence == assignment.Fence;

    private void End(IReadOnlyCollection<AssignedPartition> partitions, string[] present)
    {
        Locked(() =>
        {
            _revoking.ExceptWith(present);
            foreach (var assignment in partitions.Where(IsPresent))
                _assigned.Remove(assignment.Partition);
        });
        Changes.Raise();
    }

    private IEnumerable<Receipt> OpenIn(string[] partitions) => Receipts.Where(receipt => receipt.IsOpen && partitions.Contains(receipt.Partition));

    private void Record(List<Receipt> receipts)
    {
        if (_isClosed)
            Faults.Enqueue($"{receipts.Count} messages were handed over after the receiver had stopped");
        if (receipts.Count == 0)
            Faults.Enqueue("an empty batch was handed over");
        foreach (var receipt in receipts)
        {
            if (!_assigned.ContainsKey(receipt.Partition) || _revoking.Contains(receipt.Partition))
                Faults.Enqueue($"message {receipt} came from partition {receipt.Partition}, which is not assigned");
            watch?.Take(this, receipt);
            _receipts.Add(receipt);
        }

        var open = _receipts.Count(receipt => receipt.IsOpen);
        if (open > room)
            Faults.Enqueue($"there was room for {room}, but {open} messages were open");
    }

    private void Settle(IEnumerable<Receipt> receipts, Action<Delivery> settle)
    {
        foreach (var receipt in receipts)
            TrySettle(receipt, settle);
        Changes.Raise();
    }

    private bool TrySettle(Receipt receipt, Action<Delivery> settle)
    {
        lock (_gate)
        {
            if (!receipt.IsOpen)
                return false;
            receipt.IsOpen = false;
        }

        watch?.Drop(receipt);
        settle(receipt.Delivery);
        receipt.IsSettled = true;
        return true;
    }

    private Call Enter(string member)
    {
        if (Interlocked.Increment(ref _calls) > 1)
            Faults.Enqueue($"{member} was called while another member was running");
        return new Call(this);
    }

    private T Locked<T>(Func<T> action)
    {
        lock (_gate)
            return action();
    }

    private void Locked(Action action)
    {
        lock (_gate)
            action();
    }

    private readonly struct Call(RecordingSink sink) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref sink._calls);
    }
}
