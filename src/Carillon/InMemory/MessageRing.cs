namespace Carillon.InMemory;

/// <summary>A first-in first-out queue of messages in one array that grows when it must, and is let go when a long backlog is over. Not safe for several threads at once.</summary>
internal sealed class MessageRing
{
    private const int SmallestSize = 16;
    private const int LargestSizeKept = 4096;
    private QueuedMessage[] _slots = new QueuedMessage[SmallestSize];
    private int _first;

    public int Count { get; private set; }

    /// <summary>The message that came first of those that are there.</summary>
    public ref readonly QueuedMessage First => ref _slots[_first];

    public void Enqueue(in Envelope envelope, long position, long size)
    {
        if (Count == _slots.Length)
            Grow();
        _slots[(_first + Count) & (_slots.Length - 1)] = new QueuedMessage(envelope, position, size, EarlierDeliveries: 0);
        Count++;
    }

    public QueuedMessage Dequeue()
    {
        ref var slot = ref _slots[_first];
        var message = slot;
        slot = default;
        _first = (_first + 1) & (_slots.Length - 1);
        Count--;
        if (Count == 0 && _slots.Length > LargestSizeKept)
            (_slots, _first) = (new QueuedMessage[SmallestSize], 0);
        return message;
    }

    private void Grow()
    {
        var larger = new QueuedMessage[_slots.Length * 2];
        var tail = _slots.Length - _first;
        Array.Copy(_slots, _first, larger, 0, tail);
        Array.Copy(_slots, 0, larger, tail, _first);
        (_slots, _first) = (larger, 0);
    }
}
