using Carillon.Durability;
using Carillon.Parking;
using Carillon.Signalling;
using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>How much one subscription holds in memory, by count and by bytes, and the room that is left (G4).</summary>
internal sealed class DeliveryBudget(int maxCount, long maxBytes)
{
    private const int LeastAverageBytes = 512;

    private readonly Lock _gate = new();
    private readonly AsyncSignal _room = new();
    private readonly AsyncSignal _redeliveryRoom = new();
    private bool _isRedeliveryWaiting;
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
            var room = Room();
            if (Volatile.Read(ref _isRedeliveryWaiting))
                room /= 2;
            if (room > 0)
                return room;
            await _room.WaitAsync(cancellation);
        }
    }

    /// <summary>
    /// Waits for room for what was set aside. It gets half of the room that comes, so that neither that nor what is new waits for ever. One waiter at a time.
    /// </summary>
    public async ValueTask WaitForRedeliveryRoomAsync(CancellationToken cancellation)
    {
        try
        {
            while (Room() == 0)
            {
                Volatile.Write(ref _isRedeliveryWaiting, true);
                if (Room() == 0)
                    await _redeliveryRoom.WaitAsync(cancellation);
            }
        }
        finally
        {
            if (Volatile.Read(ref _isRedeliveryWaiting))
            {
                Volatile.Write(ref _isRedeliveryWaiting, false);
                _room.Set();
            }
        }
    }

    /// <summary>What is left of it.</summary>
    public DeliveryRoom Left
    {
        get
        {
            lock (_gate)
                return new DeliveryRoom(Math.Max(0, maxCount - _count), Math.Max(0, maxBytes - _bytes));
        }
    }

    /// <summary>Whether less than half of it is left.</summary>
    public bool IsShort
    {
        get
        {
            lock (_gate)
                return _count > maxCount / 2 || _bytes > maxBytes / 2;
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

    /// <summary>Takes room for a delivery: for what came back with it too, where it was set aside.</summary>
    public void Take(Delivery delivery) => Take(SizeOf(delivery));

    /// <summary>Gives the room of a delivery back.</summary>
    public void Give(Delivery delivery) => Give(SizeOf(delivery));

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
        Give(delivery);
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

        var isRedeliveryWaiting = Volatile.Read(ref _isRedeliveryWaiting);
        if (hadNone || isRedeliveryWaiting)
            _room.Set();
        if (isRedeliveryWaiting)
            _redeliveryRoom.Set();
    }

    private static long SizeOf(Delivery delivery) => delivery is ParkedDelivery parked ? parked.Size : EnvelopeSize.Of(delivery.Envelope);
}
