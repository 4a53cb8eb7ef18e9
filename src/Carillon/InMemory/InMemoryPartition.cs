namespace Carillon.InMemory;

/// <summary>
/// Some of the keys of a subscription: their messages that wait, those that were returned, and those in somebody's hands. Guarded by
/// the lock of its subscription.
/// </summary>
internal sealed class InMemoryPartition(int number)
{
    private readonly MessageRing _waiting = new();
    private readonly List<QueuedMessage> _returned = [];
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
    /// before: in whatever order messages of a key come back, they leave again in the order in which they were published.
    /// </summary>
    public bool TryTake(out QueuedMessage message)
    {
        if (_returned.Count > 0)
            return TryTakeReturned(out message);
        var isAny = _waiting.Count > 0;
        message = isAny ? _waiting.Dequeue() : default;
        return isAny;
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
    public void Close(InMemoryDelivery delivery)
    {
        if (delivery.Previous is { } previous)
            previous.Next = delivery.Next;
        else
            _firstOpen = delivery.Next;
        if (delivery.Next is { } next)
            next.Previous = delivery.Previous;
        (delivery.Previous, delivery.Next) = (null, null);
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

    private bool TryTakeReturned(out QueuedMessage message)
    {
        for (var place = 0; place < _returned.Count; place++)
        {
            message = _returned[place];
            if (message.Envelope.Key is { } key && IsHeldBack(key))
                continue;
            _returned.RemoveAt(place);
            return true;
        }

        message = default;
        return false;
    }

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
