using System.Text;

namespace Carillon.Transports;

/// <summary>
/// Partitions are how a transport shares a subscription between instances: all messages of a key are in one partition, and a
/// partition is read by one instance at a time. They say nothing about parallelism inside an instance.
/// </summary>
public static class Partitions
{
    /// <summary>The one partition of a transport that has none.</summary>
    public const int Whole = 0;

    /// <summary>What a transport without partitions assigns.</summary>
    public static IReadOnlyCollection<int> All { get; } = [Whole];

    /// <summary>
    /// The partition of a key: FNV-1a (32 bits) of its UTF-8 bytes, modulo the count. Never changes, because stored messages rely on it.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="count">The number of partitions, at least 1.</param>
    public static int Of(string key, int count)
    {
        const int onStack = 256;
        var size = Encoding.UTF8.GetMaxByteCount(key.Length);
        Span<byte> bytes = size <= onStack ? stackalloc byte[onStack] : new byte[size];
        var hash = 2166136261u;
        foreach (var b in bytes[..Encoding.UTF8.GetBytes(key, bytes)])
            hash = (hash ^ b) * 16777619u;
        return (int)(hash % (uint)count);
    }
}
