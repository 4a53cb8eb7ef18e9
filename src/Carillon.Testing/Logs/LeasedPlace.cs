using Carillon.Transports;

namespace Carillon.Testing.Logs;

/// <summary>A place in a partition, by the right of a lease on it.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The fencing token: grows with every grant of the partition, and what comes with an older one has no effect.</param>
/// <param name="Position">The last position that was read or finished, as the request has it.</param>
internal readonly record struct LeasedPlace(int Partition, long Epoch, long Position)
{
    /// <summary>When it is given back: the type and topic of the next message, if that is for another instance.</summary>
    public RoutedType? Wanted { get; init; }

    /// <summary>When its instance goes: whether it is kept for one lease time more, because messages of it are still being handled.</summary>
    public bool IsAbandoned { get; init; }

    /// <summary>When it is granted: whether the owner before did not give it back.</summary>
    public bool IsFromTheDead { get; init; }
}
