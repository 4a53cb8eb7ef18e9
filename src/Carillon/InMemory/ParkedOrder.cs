namespace Carillon.InMemory;

/// <summary>The orders of parked messages.</summary>
internal static class ParkedOrder
{
    /// <summary>That of a key: by position, then by arrival.</summary>
    public static IComparer<ParkedEntry> OfKey { get; } = Comparer<ParkedEntry>.Create(static (one, other) =>
        (one.Message.Position ?? long.MinValue).CompareTo(other.Message.Position ?? long.MinValue) is var order and not 0 ? order : one.Message.Id.CompareTo(other.Message.Id));

    /// <summary>That of what is due: by time, then by arrival.</summary>
    public static IComparer<ParkedEntry> OfTime { get; } = Comparer<ParkedEntry>.Create(static (one, other) =>
        one.Due.CompareTo(other.Due) is var order and not 0 ? order : one.Message.Id.CompareTo(other.Message.Id));
}
