using Carillon.Parking;
using Carillon.Subscribing;
using Carillon.Transports;

namespace Carillon.Relaying;

/// <summary>
/// Deliveries that a relay has in hand, at most one of a key, in the order in which they were taken. Each leaves the batch by being
/// settled, and its lane goes on from then.
/// </summary>
internal sealed class RelayBatch(IReadOnlyList<LaneDelivery> items, LaneScheduler scheduler, DeliveryBudget budget)
{
    private readonly LaneDelivery?[] _items = [.. items];

    /// <summary>What whoever has the batch in hand lends while it merely waits.</summary>
    public IWorkingPlace? Place { get; init; }

    /// <summary>How many places there are, of which some are empty by now.</summary>
    public int Places => _items.Length;

    /// <summary>How many deliveries are left.</summary>
    public int Count { get; private set; } = items.Count;

    /// <summary>The delivery at a place, or null when it has left.</summary>
    public Delivery? this[int place] => _items[place]?.Delivery;

    /// <summary>How often in a row the delivery at a place was refused for now.</summary>
    public int RefusalsAt(int place) => _items[place]?.Lane.Refusals ?? 0;

    /// <summary>A delivery is finished: sent, or set aside.</summary>
    public void Finish(int place)
    {
        _items[place]!.Value.Lane.Refusals = 0;
        Settle(place, isFinished: true);
    }

    /// <summary>Takes out what is left, with its lanes.</summary>
    public IReadOnlyList<LaneDelivery> TakeRest()
    {
        LaneDelivery[] rest = [.. _items.OfType<LaneDelivery>()];
        Array.Clear(_items);
        Count = 0;
        return rest;
    }

    /// <summary>Returns the deliveries whose lanes were taken away from this process.</summary>
    public void ReturnWithdrawn()
    {
        for (var place = 0; place < _items.Length; place++)
        {
            if (_items[place] is { Lane.IsWithdrawn: true })
                Settle(place, isFinished: false);
        }
    }

    private void Settle(int place, bool isFinished)
    {
        var (lane, delivery) = _items[place]!.Value;
        _items[place] = null;
        Count--;
        budget.Settle(delivery, isFinished);
        scheduler.Release(lane);
    }
}
