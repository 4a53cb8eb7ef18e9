using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>
/// The messages of one key that wait in this process, in their order. A worker has the lane for itself while it handles the first of
/// them. A message without a key has a lane of its own.
/// </summary>
internal sealed class Lane
{
    private readonly Queue<Delivery> _waiting = new();
    private bool _isRevoked;

    public string? Key { get; private set; }

    public int Partition { get; private set; }

    /// <summary>Who handles a message of the lane right now, or null.</summary>
    public LaneWorker? Runner { get; set; }

    /// <summary>Whether the lane was taken away from this process while somebody worked on it. What is not finished by then is returned.</summary>
    public bool IsRevoked { get => Volatile.Read(ref _isRevoked); set => Volatile.Write(ref _isRevoked, value); }

    public int Count => _waiting.Count;

    public Delivery First => _waiting.Peek();

    public void Open(string? key, int partition)
    {
        Key = key;
        Partition = partition;
    }

    public void Add(Delivery delivery) => _waiting.Enqueue(delivery);

    public Delivery Take() => _waiting.Dequeue();

    public bool TryTake(out Delivery? delivery) => _waiting.TryDequeue(out delivery);
}
