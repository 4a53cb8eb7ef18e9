namespace Carillon.Sqlite;

/// <summary>Notes what becomes of deliveries, and keeps the objects for the next ones.</summary>
internal sealed class Settlements(Signal progress, Signal reading)
{
    private const int KeptMax = 1024;
    private readonly Stack<SqliteDelivery> _idle = new();

    public SqliteDelivery Rent()
    {
        lock (_idle)
            return _idle.TryPop(out var delivery) ? delivery : new SqliteDelivery(this);
    }

    public void Acknowledge(SqliteDelivery delivery, OwnedPartition partition, long position)
    {
        var hasMoved = partition.Acknowledge(position, out var canTurnBack);
        if (hasMoved)
            progress.Raise();
        Finish(delivery, canTurnBack);
    }

    public void Return(SqliteDelivery delivery, OwnedPartition partition, long position, int earlierDeliveries) =>
        Finish(delivery, partition.Return(position, earlierDeliveries));

    private void Finish(SqliteDelivery delivery, bool canTurnBack)
    {
        if (canTurnBack)
            reading.Raise();
        lock (_idle)
        {
            if (_idle.Count < KeptMax)
                _idle.Push(delivery);
        }
    }
}
