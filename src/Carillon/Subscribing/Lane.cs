using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>
/// The messages of one key of a partition that wait in this process, in their order. A worker has the lane for itself while it handles the first of
/// them. A message without a key has a lane of its own.
/// </summary>
internal sealed class Lane
{
    private Queue<Delivery> _waiting = new();
    private Delivery? _taken;
    private List<Delivery>? _takenWithIt;
    private Queue<Delivery>? _putBack;
    private LinkedList<ParkedDelivery>? _again;
    private bool _isPutBackAlone;
    private bool _isWithdrawn;

    public string? Key { get; private set; }

    public string Partition { get; private set; } = "";

    /// <summary>Who handles a message of the lane right now, or null.</summary>
    public LaneWorker? Runner { get; set; }

    /// <summary>
    /// Whether the lane was taken away from this process while a worker had it; what is not finished then is returned. The mark is set before the worker is
    /// cancelled. Code that begins something must therefore take the token first and read this after, so that it sees at least one of the two.
    /// </summary>
    public bool IsWithdrawn { get => Volatile.Read(ref _isWithdrawn); set => Volatile.Write(ref _isWithdrawn, value); }

    /// <summary>Whether the delivery that was taken last was in a batch before that failed, and is to be handled by itself now.</summary>
    public bool IsTakenAlone { get; private set; }

    /// <summary>Whether the next delivery is to be handled by itself.</summary>
    public bool IsNextAlone => _isPutBackAlone && IsNextPutBack;

    /// <summary>How often in a row the delivery at its head was refused for now. Whoever has the lane counts.</summary>
    public int Refusals { get; set; }

    public int Count => _waiting.Count + (_putBack?.Count ?? 0) + (_again?.Count ?? 0);

    public Delivery First => _again is { First: { } again } ? again.Value : Next.Peek();

    public void Open(string partition, string? key)
    {
        Key = key;
        Partition = partition;
        Refusals = 0;
    }

    public void Add(Delivery delivery) => _waiting.Enqueue(delivery);

    /// <summary>Puts what was taken back before all that waits, in its order.</summary>
    /// <param name="taken">What was taken last.</param>
    /// <param name="areAlone">Whether each is to be handled by itself.</param>
    public void PutBack(IEnumerable<Delivery> taken, bool areAlone)
    {
        _putBack = new Queue<Delivery>([.. taken, .. _putBack ?? []]);
        _isPutBackAlone = areAlone;
    }

    /// <summary>Puts what was set aside before all that waits and was not. Among its like it has its place, whenever it comes: an earlier one may be replayed last.</summary>
    public void AddAgain(ParkedDelivery delivery)
    {
        var before = (_again ??= []).Last;
        while (before is not null && delivery.IsBefore(before.Value))
            before = before.Previous;
        if (before is null)
            _again.AddFirst(delivery);
        else
            _again.AddAfter(before, delivery);
    }

    public Delivery Take()
    {
        IsTakenAlone = IsNextAlone;
        var next = TakeNext();
        if (_taken is null)
            _taken = next;
        else
            (_takenWithIt ??= []).Add(next);
        return next;
    }

    /// <summary>Whether somebody has taken a delivery out of it, and still has the lane.</summary>
    public bool IsTaken(Delivery delivery) => _taken == delivery || _takenWithIt?.Contains(delivery) == true;

    /// <summary>What was taken out of it is not its matter any more.</summary>
    public void Forget()
    {
        _taken = null;
        _takenWithIt?.Clear();
    }

    /// <summary>Takes out all that waits.</summary>
    public List<Delivery> TakeAll()
    {
        List<Delivery> all = [.. _again ?? [], .. TakeDelivered()];
        _again?.Clear();
        return all;
    }

    /// <summary>Takes out all that waits and was not set aside before.</summary>
    public List<Delivery> TakeDelivered()
    {
        List<Delivery> delivered = [.. _putBack ?? [], .. _waiting];
        _putBack?.Clear();
        _waiting.Clear();
        return delivered;
    }

    /// <summary>Takes out a delivery that waits, with all behind it that was not set aside before; nothing when it is not there.</summary>
    public List<Delivery> TakeFrom(Delivery delivery)
    {
        List<Delivery> waiting = [.. _putBack ?? [], .. _waiting];
        var first = waiting.IndexOf(delivery);
        if (first < 0)
            return [];
        var putBack = Math.Min(_putBack?.Count ?? 0, first);
        (_putBack, _waiting) = (new Queue<Delivery>(waiting[..putBack]), new Queue<Delivery>(waiting[putBack..first]));
        return waiting[first..];
    }

    /// <summary>Takes out what is left of a run, wherever it is.</summary>
    public List<ParkedDelivery> TakeRest(ParkedRun run)
    {
        List<ParkedDelivery> rest = [.. (_again ?? []).Where(delivery => delivery.Run == run)];
        foreach (var delivery in rest)
            _again!.Remove(delivery);
        return rest;
    }

    public bool TryTake(out Delivery? delivery)
    {
        delivery = Count > 0 ? Take() : null;
        return delivery is not null;
    }

    private Delivery TakeNext()
    {
        if (_again is not { First: { } again })
            return Next.Dequeue();
        _again.RemoveFirst();
        return again.Value;
    }

    private bool IsNextPutBack => _putBack is { Count: > 0 } && _again is not { Count: > 0 };

    private Queue<Delivery> Next => IsNextPutBack ? _putBack! : _waiting;
}
