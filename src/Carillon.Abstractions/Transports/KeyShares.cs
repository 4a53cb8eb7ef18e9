using System.Runtime.InteropServices;

namespace Carillon.Transports;

/// <summary>
/// Sees to it that one key does not take all the room: of a key no more is in hand than there is room left for others. What is beyond that a receiver
/// reads past, and reads again by its position when less of the key is in hand. For the messages of one partition.
/// </summary>
/// <remarks>
/// However many keys have long backlogs, some room is left for each other key. The messages of a key keep their order: while some are left behind, all that
/// follow are. Only positions are remembered, at most <see cref="LeftMax"/>; then a receiver stops reading the partition until there are fewer. Not safe for
/// several threads at once; a receiver guards it with its own lock.
/// </remarks>
public sealed class KeyShares
{
    /// <summary>How many messages of a partition may be left behind: 100,000.</summary>
    public const int LeftMax = 100_000;

    private readonly Dictionary<string, InHand> _byKey = new(StringComparer.Ordinal);
    private readonly Queue<string> _next = new();

    /// <summary>How many messages are left behind.</summary>
    public int Left { get; private set; }

    /// <summary>Whether so many messages are left behind that nothing more should be read.</summary>
    public bool IsFull => Left >= LeftMax;

    /// <summary>Whether messages that were left behind can be read now.</summary>
    public bool HasNext => _next.Count > 0;

    /// <summary>Everything that is left behind.</summary>
    public IEnumerable<LeftMessage> All() => _byKey.Values.SelectMany(static inHand => inHand.Left ?? []);

    /// <summary>A message was read that is not in hand yet.</summary>
    /// <param name="message">The message.</param>
    /// <param name="bytes">Its size; the same that <see cref="Finish"/> is told.</param>
    /// <param name="room">What is left of the room.</param>
    /// <returns>Whether it may be handed over; otherwise it is left behind.</returns>
    public bool TryTake(LeftMessage message, long bytes, DeliveryRoom room)
    {
        ref var inHand = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, message.Key, out _);
        if (inHand.Left is null && (inHand.Count == 0 || (inHand.Count < room.Messages && inHand.Bytes < room.Bytes)))
        {
            inHand = inHand with { Count = inHand.Count + 1, Bytes = inHand.Bytes + bytes };
            return true;
        }

        if (inHand.Left is null)
            inHand = inHand with { Left = new Queue<LeftMessage>(), GoOnAt = inHand.Count / 2 };
        inHand.Left!.Enqueue(message);
        Left++;
        return false;
    }

    /// <summary>A message is in hand, whatever its share.</summary>
    public void Take(string key, long bytes)
    {
        ref var inHand = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, key, out _);
        inHand = inHand with { Count = inHand.Count + 1, Bytes = inHand.Bytes + bytes };
    }

    /// <summary>A message is in hand no more.</summary>
    /// <returns>Whether messages that were left behind can be read now that could not before.</returns>
    public bool Finish(string key, long bytes)
    {
        ref var inHand = ref CollectionsMarshal.GetValueRefOrNullRef(_byKey, key);
        inHand = inHand with { Count = inHand.Count - 1, Bytes = inHand.Bytes - bytes };
        if (inHand.Left is null)
        {
            if (inHand.Count == 0)
                _byKey.Remove(key);
            return false;
        }

        if (inHand.IsNext || inHand.Count > inHand.GoOnAt)
            return false;
        inHand = inHand with { IsNext = true };
        _next.Enqueue(key);
        return true;
    }

    /// <summary>Takes what is to be read now of what was left behind. It is in hand from the moment at which the receiver says so by <see cref="Take"/>.</summary>
    /// <param name="most">The most messages.</param>
    /// <param name="room">What is left of the room.</param>
    /// <returns>Messages of each key in their order.</returns>
    public IReadOnlyList<LeftMessage> TakeNext(int most, DeliveryRoom room)
    {
        var taken = new List<LeftMessage>();
        for (var keys = _next.Count; keys > 0 && taken.Count < most; keys--)
        {
            var key = _next.Dequeue();
            ref var inHand = ref CollectionsMarshal.GetValueRefOrNullRef(_byKey, key);
            var count = Math.Min(Math.Min(inHand.Left!.Count, most - taken.Count), CountFor(inHand, room));
            for (var i = 0; i < count; i++)
                taken.Add(inHand.Left.Dequeue());
            Left -= count;
            room = room with { Messages = room.Messages - count };
            inHand = inHand with { IsNext = false, GoOnAt = (inHand.Count + count) / 2, Left = inHand.Left.Count > 0 ? inHand.Left : null };
        }

        return taken;
    }

    // As many as are in hand when as much room is left, and no more than half of the bytes allow. Where nothing is in hand, something must be.
    private static int CountFor(InHand inHand, DeliveryRoom room)
    {
        var count = (room.Messages - inHand.Count) / 2;
        if (inHand is { Count: > 0, Bytes: > 0 })
            count = (int)Math.Min(count, Math.Max(0, room.Bytes - inHand.Bytes) / 2 / Math.Max(1, inHand.Bytes / inHand.Count));
        return Math.Max(count, inHand.Count == 0 ? 1 : 0);
    }

    private readonly record struct InHand(int Count, long Bytes, Queue<LeftMessage>? Left, int GoOnAt, bool IsNext);
}
