using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>
/// Some of the keys of a subscription: their messages that wait, those that were returned, and those in somebody's hands. Guarded by
/// the lock of its subscription.
/// </summary>
internal sealed class InMemoryPartition(int number)
{
    private readonly MessageRing _waiting = new();
    private readonly List<QueuedMessage> _returned = [];
    private readonly KeyShares _shares = new();
    private readonly Dictionary<long, QueuedMessage> _left = [];
    private readonly List<LeftMessage> _taken = [];
    private readonly Queue<QueuedMessage> _next = new();
    private InMemoryDelivery? _firstOpen;
    private long _lastPosition;

    public int Number => number;

    /// <summary>Who hands the messages over now.</summary>
    public InMemoryReceiver? Owner { get; set; }

    /// <summary>Who is to do so as soon as the owner has let go.</summary>
    public InMemoryReceiver? Heir { get; set; }

    /// <summary>Whether its owner is about to let go of it, and nothing of it is handed over.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Whether messages came back and are not handed over again yet.</summary>
    public bool HasReturned => _returned.Count > 0;

    public void Enqueue(in Envelope envelope, long size) => _waiting.Enqueue(envelope, ++_lastPosition, size);

    /// <summary>
    /// Takes the next message. Returned ones go first, in order, but none while a message of its key is still in somebody's hands from
    /// before: in whatever order messages of a key come back, they leave again in the order in which they were published. A message of which key too
    /// many are in hand is left behind until there are fewer.
    /// </summary>
    /// <param name="room">What is left of the room.</param>
    /// <param name="message">The message.</param>
    public bool TryTake(DeliveryRoom room, out QueuedMessage message)
    {
        if (_returned.Count > 0)
            return TryTakeReturned(out message);
        if (TryTakeLeft(room, out message))
            return true;
        while (_waiting.Count > 0)
        {
            message = _waiting.Dequeue();
            if (_shares.TryTake(PositionOf(message), 0, room))
                return true;
            _left.Add(message.Position, message);
        }

        return false;
    }

    /// <summary>A message was handed over.</summary>
    public void Open(InMemoryDelivery delivery)
    {
        delivery.Next = _firstOpen;
        if (_firstOpen is { } next)
            next.Previous = delivery;
        _firstOpen = delivery;
    }

    /// <summary>A message is in nobody's hands any more.</summary>
    /// <returns>Whether messages that were left behind can be taken now.</returns>
    public bool Close(InMemoryDelivery delivery)
    {
        if (delivery.Previous is { } previous)
            previous.Next = delivery.Next;
        else
            _firstOpen = delivery.Next;
        if (delivery.Next is { } next)
            next.Previous = delivery.Previous;
        (delivery.Previous, delivery.Next) = (null, null);
        return _shares.Finish(PositionOf(delivery.ToQueued()));
    }

    /// <summary>A message is to be handed over again.</summary>
    public void Return(in QueuedMessage message)
    {
        HoldBack(message.Envelope.Key);
        var place = _returned.Count;
        while (place > 0 && _returned[place - 1].Position > message.Position)
            place--;
        _returned.Insert(place, message);
    }

    /// <summary>Takes every message out of its owner's hands. What the owner says about them later does not count.</summary>
    public void ReturnAll()
    {
        while (_firstOpen is { } delivery)
        {
            Close(delivery);
            Return(delivery.ToQueued());
            delivery.Abandon();
        }
    }

    private bool TryTakeLeft(DeliveryRoom room, out QueuedMessage message)
    {
        if (_next.Count == 0 && _shares.HasNext)
        {
            _shares.TakeNext(int.MaxValue, ref room, _taken);
            foreach (var left in _taken)
            {
                _left.Remove(left.Message.Position, out var found);
                _next.Enqueue(found);
            }

            _taken.Clear();
        }

        return _next.TryDequeue(out message);
    }

    private bool TryTakeReturned(out QueuedMessage message)
    {
        for (var place = 0; place < _returned.Count; place++)
        {
            message = _returned[place];
            if (message.Envelope.Key is { } key && IsHeldBack(key))
                continue;
            _returned.RemoveAt(place);
            _shares.Take(PositionOf(message));
            return true;
        }

        message = default;
        return false;
    }

    private static KeyedPosition PositionOf(in QueuedMessage message) => new(message.Position, message.Envelope.Key, message.Size);

    private void HoldBack(string? key)
    {
        for (var delivery = _firstOpen; key is not null && delivery is not null; delivery = delivery.Next)
            delivery.HoldsKeyBack |= delivery.Envelope.Key == key;
    }

    private bool IsHeldBack(string key)
    {
        for (var delivery = _firstOpen; delivery is not null; delivery = delivery.Next)
        {
            if (delivery.HoldsKeyBack && delivery.Envelope.Key == key)
                return true;
        }

        return false;
    }
}
