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

    public void Acknowledge(LogDelivery delivery, OwnedPartition partition, long position, string? key, long bytes)
    {
        var hasMoved = partition.Acknowledge(position, out var canGoOn);
        canGoOn |= key is not null && partition.Unshare(key, bytes);
        if (hasMoved)
            progress.Raise();
        Finish(delivery, canGoOn);
    }

    public void Return(LogDelivery delivery, OwnedPartition partition, long position, int earlierDeliveries, string? key, long bytes)
    {
        // Before the return, with which everything may be read again.
        var canGoOn = key is not null && partition.Unshare(key, bytes);
        Finish(delivery, partition.Return(position, earlierDeliveries) || canGoOn);
    }

    private void Finish(LogDelivery delivery, bool canGoOn)
    {
        if (canGoOn)
            reading.Raise();
        lock (_idle)
        {
            if (_idle.Count < KeptMax)
                _idle.Push(delivery);
        }
    }
}
