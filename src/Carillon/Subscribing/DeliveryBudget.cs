using Carillon.Durability;
using Carillon.Events;
using Carillon.Signalling;
using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>How much one subscription holds in memory, by count and by bytes, and the room that is left (G4).</summary>
internal sealed class DeliveryBudget(int maxCount, long maxBytes)
{
    private const int LeastAverageBytes = 512;

    private readonly Lock _gate = new();
    private readonly AsyncSignal _room = new();
    private int _count;
    private long _bytes;
    private long _given;
    private double _averageBytes = LeastAverageBytes;

    /// <summary>How many messages are held.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many messages were held and are no longer.</summary>
    public long Given => Volatile.Read(ref _given);

    /// <summary>Waits for room. One waiter at a time.</summary>
    public async ValueTask<int> WaitForRoomAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (Room() is > 0 and var room)
                return room;
            await _room.WaitAsync(cancellation);
        }
    }

    /// <summary>How many messages of the size seen so far fit; 0 for none.</summary>
    public int Room()
    {
        lock (_gate)
        {
            if (_count >= maxCount || _bytes >= maxBytes)
                return 0;
            var byBytes = (maxBytes - _bytes) / _averageBytes;
            return (int)Math.Clamp(byBytes, 1, maxCount - _count);
        }
    }

    /// <summary>Takes room for a message: for its attributes and headers as well as its body.</summary>
    public void Take(in Envelope message) => Take(EnvelopeSize.Of(message));

    /// <summary>Gives the room of a message back.</summary>
    public void Give(in Envelope message) => Give(EnvelopeSize.Of(message));

    public void Take(long bytes)
    {
        lock (_gate)
        {
            _count++;
            _bytes += bytes;
            _averageBytes = Math.Max(LeastAverageBytes, _averageBytes + ((bytes - _averageBytes) / 64));
        }
    }

    /// <summary>Settles a delivery and gives its room back.</summary>
    public void Settle(Delivery delivery, bool isFinished)
    {
        Failpoint.Reach("delivery.settling");
        Give(delivery.Envelope);
        if (isFinished)
            delivery.Acknowledge();
        else
            delivery.Return();
        Failpoint.Reach("delivery.settled");
    }

    public void Give(long bytes)
    {
        bool hadNone;
        lock (_gate)
        {
            hadNone = _count >= maxCount || _bytes >= maxBytes;
            _count--;
            _given++;
            _bytes -= bytes;
        }

        if (hadNone)
            _room.Set();
    }
}
