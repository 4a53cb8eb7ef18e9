using System.Runtime.InteropServices;

namespace Carillon.Transports;

/// <summary>
/// Sees to it that one key does not take all the room: of a key no more is in hand than there is room left for others. What is beyond that a receiver
/// reads past, and reads again by its position when less of the key is in hand. For the messages of one partition.
/// </summary>
/// <remarks>
/// However many keys have long backlogs, some room is left for each other key. The messages of a key keep their order: while some are left behind, all that
/// follow are. Only positions are remembered, at most <see cref="LeftMax"/>; then a receiver stops reading the partition until there are fewer. Messages
/// without a key are always taken. Not safe for several threads at once; a receiver guards it with its own lock.
/// </remarks>
public sealed class KeyShares
{
    /// <summary>How many messages of a partition may be left behind: 100,000.</summary>
    public const int LeftMax = 100_000;

    private const int SpareMax = 4;
    private const int SpareCapacityMax = 1_024;
    private readonly Dictionary<string, Share> _byKey = new(StringComparer.Ordinal);
    private readonly Queue<string> _next = new();

    // A key that is a little too quick now and then is to cost no garbage.
    private readonly Stack<Queue<LeftPosition>> _spare = new();

    /// <summary>How many messages are left behind.</summary>
    public int Left { get; private set; }

    /// <summary>Whether so many messages are left behind that nothing more should be read.</summary>
    public bool IsFull => Left >= LeftMax;

    /// <summary>Whether messages that were left behind can be read now.</summary>
    public bool HasNext => _next.Count > 0;

    /// <summary>Everything that is left behind.</summary>
    public IEnumerable<LeftMessage> All() => _byKey.SelectMany(static share => (share.Value.Left ?? []).Select(left => left.Of(share.Key)));

    /// <summary>A message was read that is not in hand yet.</summary>
    /// <param name="message">The message.</param>
    /// <param name="earlierDeliveries">How often it was handed over before.</param>
    /// <param name="room">What is left of the room.</param>
    /// <returns>Whether it may be handed over; otherwise it is left behind.</returns>
    public bool TryTake(in KeyedPosition message, int earlierDeliveries, DeliveryRoom room)
    {
        if (message.Key is not { } key)
            return true;
        ref var share = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, key, out _);
        if (share.Left is null && share.Allows(room))
        {
            share.Take(message.Bytes);
            return true;
        }

        if (share.Left is null)
            (share.Left, share.GoOnAt) = (_spare.TryPop(out var spare) ? spare : new Queue<LeftPosition>(), share.Count / 2);
        share.Left.Enqueue(new LeftPosition(message.Position, (int)Math.Min(message.Bytes, int.MaxValue), earlierDeliveries));
        Left++;
        return false;
    }

    /// <summary>A message is in hand, whatever its share.</summary>
    public void Take(in KeyedPosition message)
    {
        if (message.Key is { } key)
            CollectionsMarshal.GetValueRefOrAddDefault(_byKey, key, out _).Take(message.Bytes);
    }

    /// <summary>A message is in hand no more.</summary>
    /// <returns>Whether messages that were left behind can be read now that could not before.</returns>
    public bool Finish(in KeyedPosition message)
    {
        if (message.Key is not { } key)
            return false;
        ref var share = ref CollectionsMarshal.GetValueRefOrNullRef(_byKey, key);
        share.Give(message.Bytes);
        if (share.Left is null)
        {
            if (share.Count == 0)
                _byKey.Remove(key);
            return false;
        }

        if (share.IsNext || share.Count > share.GoOnAt)
            return false;
        share.IsNext = true;
        _next.Enqueue(key);
        return true;
    }

    /// <summary>Takes what is to be read now of what was left behind. It is in hand from then on.</summary>
    /// <param name="most">The most messages.</param>
    /// <param name="room">What is left of the room; less of it afterwards.</param>
    /// <param name="taken">Gets the messages, those of each key in their order.</param>
    public void TakeNext(int most, ref DeliveryRoom room, ICollection<LeftMessage> taken)
    {
        for (var keys = _next.Count; keys > 0 && most > 0; keys--)
        {
            var key = _next.Dequeue();
            ref var share = ref CollectionsMarshal.GetValueRefOrNullRef(_byKey, key);
            for (; most > 0 && share.Left!.Count > 0 && share.Allows(room); most--)
            {
                var left = share.Left.Dequeue();
                Left--;
                taken.Add(left.Of(key));
                share.Take(left.Bytes);
                room = room.After(left.Bytes);
            }

            (share.IsNext, share.GoOnAt) = (false, share.Count / 2);
            if (share.Left!.Count > 0)
                continue;
            if (_spare.Count < SpareMax && share.Left.Capacity <= SpareCapacityMax)
                _spare.Push(share.Left);
            share.Left = null;
        }
    }

    private struct Share
    {
        public int Count;
        public long Bytes;
        public Queue<LeftPosition>? Left;
        public int GoOnAt;
        public bool IsNext;

        // Of a key of which nothing is in hand, one is taken whatever its size.
        public readonly bool Allows(DeliveryRoom room) => Count == 0 || (Count < room.Messages && Bytes < room.Bytes);

        public void Take(long bytes)
        {
            Count++;
            Bytes += bytes;
        }

        public void Give(long bytes)
        {
            Count--;
            Bytes -= bytes;
        }
    }

    private readonly record struct LeftPosition(long Position, int Bytes, int EarlierDeliveries)
    {
        public LeftMessage Of(string key) => new(new KeyedPosition(Position, key, Bytes), EarlierDeliveries);
    }
}
