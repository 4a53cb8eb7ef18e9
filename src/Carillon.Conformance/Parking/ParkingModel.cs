using Carillon.Parking;

namespace Carillon.Conformance.Parking;

/// <summary>What a parking store means, written as plainly as possible: a list, searched from end to end.</summary>
internal sealed class ParkingModel
{
    private readonly List<ModelMessage> _messages = [];

    public IEnumerable<ModelMessage> DeadLetters => _messages.Where(message => message.State != ParkedState.Scheduled);

    public void Park(ModelMessage message)
    {
        if (_messages.Exists(other => other.Number == message.Number) || (message.State == ParkedState.Behind && (message.Key is null || !IsHeldUp(message.Partition, message.Key))))
            return;
        message.State = message.State == ParkedState.Behind ? ParkedState.Scheduled : message.State;
        _messages.Add(message);
    }

    public ModelMessage? Find(int number) => _messages.Find(message => message.Number == number);

    public void Remove(int number) => _messages.RemoveAll(message => message.Number == number);

    public bool IsHeldUp(string partition, string key) => _messages.Exists(message => message.Partition == partition && message.Key == key && !message.IsPassable);

    public IEnumerable<string> HeldUp(string partition) =>
        _messages.Where(message => message.Partition == partition && message.Key is not null && !message.IsPassable).Select(message => message.Key!).Distinct().Order(StringComparer.Ordinal);

    public void TakeOver(string partition)
    {
        foreach (var message in _messages.Where(message => message.Partition == partition))
            message.IsClaimed = false;
    }

    /// <summary>The messages that can be claimed, each the first of its key.</summary>
    public IEnumerable<ModelMessage> FindHeads(IReadOnlyCollection<string> partitions, DateTimeOffset now) => _messages.Where(message =>
        IsDue(message, now) && !message.IsClaimed && partitions.Contains(message.Partition) && !Others(message).Any(other => other.Number < message.Number));

    /// <summary>What can be claimed together with the first message of a key, in order.</summary>
    public IEnumerable<int> RunOf(ModelMessage head, DateTimeOffset now) => head.Key is null
        ? [head.Number]
        : Others(head).Where(other => other.Number > head.Number).OrderBy(other => other.Number)
            .TakeWhile(other => other.State == ParkedState.Scheduled && other.Due <= now).Select(other => other.Number).Prepend(head.Number);

    public int CountWaiting(ModelMessage dead) => dead.IsPassable ? 0 : Others(dead).Count(other => other.Number > dead.Number && other.State == ParkedState.Scheduled);

    private static bool IsDue(ModelMessage message, DateTimeOffset now) => message.State != ParkedState.Dead && message.Due <= now;

    private IEnumerable<ModelMessage> Others(ModelMessage message) => _messages.Where(other =>
        other != message && message.Key is not null && other.Key == message.Key && other.Partition == message.Partition && !other.IsPassable);
}
