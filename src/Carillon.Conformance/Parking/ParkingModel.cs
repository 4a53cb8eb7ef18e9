using Carillon.Parking;

namespace Carillon.Conformance.Parking;

/// <summary>What a parking store means, written as plainly as possible: a list, searched from end to end.</summary>
internal sealed class ParkingModel
{
    private readonly List<ModelMessage> _messages = [];

    public IEnumerable<ModelMessage> Dead => _messages.Where(message => message.State == ParkedState.Dead);

    public void Park(ModelMessage message)
    {
        if (!_messages.Exists(other => other.Number == message.Number))
            _messages.Add(message);
    }

    public ModelMessage? Find(int number) => _messages.Find(message => message.Number == number);

    public void Remove(int number) => _messages.RemoveAll(message => message.Number == number);

    public IEnumerable<ModelMessage> FindDue(IReadOnlyCollection<string> partitions, DateTimeOffset now) => _messages.Where(message =>
        message.State == ParkedState.Scheduled && message.Due <= now && message.HeldUntil <= now && partitions.Contains(message.Partition)
        && !(message.Key is not null && _messages.Exists(other => other.Partition == message.Partition && other.Key == message.Key && other.Number < message.Number && !other.IsPassable)));

    public int CountWaiting(ModelMessage dead) => dead.Key is null || dead.IsPassable ? 0 : _messages.Count(other =>
        other.Partition == dead.Partition && other.Key == dead.Key && other.Number > dead.Number && other.State == ParkedState.Scheduled);

    public IEnumerable<KeyValuePair<string, int>> CountByKey(string partition) =>
        _messages.Where(message => message.Key is not null && !message.IsPassable && message.Partition == partition)
            .GroupBy(message => message.Key!).Select(key => KeyValuePair.Create(key.Key, key.Count())).OrderBy(pair => pair.Key, StringComparer.Ordinal);
}
