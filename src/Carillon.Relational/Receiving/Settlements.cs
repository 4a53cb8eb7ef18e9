using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Notes what becomes of deliveries, and keeps the objects for the next ones.</summary>
internal sealed class Settlements(Signal progress, Signal reading)
{
    private const int KeptMax = 1024;
    private readonly Stack<LogDelivery> _idle = new();

    public LogDelivery Rent()
    {
        lock (_idle)
            return _idle.TryPop(out var delivery) ? delivery : new LogDelivery(this);
    }

    public void Acknowledge(LogDelivery delivery, PartitionProgress partition, in KeyedPosition message)
    {
        if (partition.Acknowledge(message, out var canGoOn))
            progress.Raise();
        Finish(delivery, canGoOn);
    }

    /// <summary>A message is finished that was not handed over yet.</summary>
    public void FinishEarly(PartitionProgress partition, in KeyedPosition message)
    {
        if (partition.Acknowledge(message, out var canGoOn))
            progress.Raise();
        if (canGoOn)
            reading.Raise();
    }

    public void Return(LogDelivery delivery, PartitionProgress partition, in KeyedPosition message, int earlierDeliveries) =>
        Finish(delivery, partition.Return(message, earlierDeliveries));

    private void Finish(LogDelivery delivery, bool canGoOn)
    {
        if (canGoOn)
            reading.Raise();
        Keep(delivery);
    }

    /// <summary>Keeps an object for the next message.</summary>
    public void Keep(LogDelivery delivery)
    {
        lock (_idle)
        {
            if (_idle.Count < KeptMax)
                _idle.Push(delivery);
        }
    }
}
