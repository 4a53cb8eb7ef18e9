using Carillon.Transports;

namespace Carillon.Parking;

/// <summary>
/// The types of messages that wait, holding up nothing, for an instance that can handle them, by partition, as the store has told it. A type that nothing waits of any more does
/// no harm here.
/// </summary>
internal sealed class WaitingTypes
{
    // What nobody handles may have any name, and is not to fill the memory.
    private const int MostOfPartition = 1_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<RoutedType>> _byPartition = new(StringComparer.Ordinal);

    /// <summary>The types, each with the partitions in which messages of it wait.</summary>
    public IReadOnlyList<(RoutedType Type, IReadOnlyList<string> Partitions)> All
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. _byPartition.SelectMany(static waiting => waiting.Value, static (waiting, type) => (waiting.Key, Type: type))
                        .GroupBy(static waiting => waiting.Type, static waiting => waiting.Key)
                        .Select(static waiting => (waiting.Key, (IReadOnlyList<string>)[.. waiting])),
                ];
            }
        }
    }

    /// <summary>Begins with a partition that was taken over.</summary>
    public void Open(string partition, IEnumerable<RoutedType> types)
    {
        lock (_gate)
            _byPartition[partition] = [.. types.Take(MostOfPartition)];
    }

    /// <summary>A message waits.</summary>
    public void Add(string partition, RoutedType type)
    {
        lock (_gate)
        {
            if (_byPartition.TryGetValue(partition, out var types) && types.Count < MostOfPartition)
                types.Add(type);
        }
    }

    /// <summary>Forgets a partition.</summary>
    public void Close(string partition)
    {
        lock (_gate)
            _byPartition.Remove(partition);
    }
}
