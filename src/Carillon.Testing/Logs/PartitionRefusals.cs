using Carillon.Transports;

namespace Carillon.Testing.Logs;

/// <summary>Partitions of a log that take nothing for now, as where too few replicas are in step.</summary>
internal sealed class PartitionRefusals
{
    private readonly Dictionary<int, (DateTimeOffset Until, bool SaysWhen)> _partitions = [];

    private readonly HashSet<string> _next = new(StringComparer.Ordinal);

    /// <summary>Refuses the next message of a key, once.</summary>
    public void BeginNext(string key) => _next.Add(key);

    public void Begin(int partition, DateTimeOffset until, bool saysWhen) => _partitions[partition] = (until, saysWhen);

    public void End()
    {
        _partitions.Clear();
        _next.Clear();
    }

    /// <summary>Why a message is not taken now, or null when it is.</summary>
    public PublishFailedException? Find(Envelope message, DateTimeOffset now)
    {
        var partition = Partitions.Of(message.Key ?? message.Id.ToString(), SimulatedLog.PartitionCount);
        if (message.Key is { } key && _next.Remove(key))
            return new PublishFailedException(ErrorCodes.PublishFailed, $"The leader of partition {partition} moves, and {message.Type} ({message.Id}) is not taken. Try again.") { IsTransient = true };
        if (!_partitions.TryGetValue(partition, out var refusal) || now >= refusal.Until)
            return null;
        return new PublishFailedException(ErrorCodes.PublishFailed, $"Partition {partition} has too few replicas to take {message.Type} ({message.Id}). Try again later.")
        {
            IsTransient = true,
            RetryAfter = refusal.SaysWhen ? refusal.Until - now : null,
        };
    }
}
