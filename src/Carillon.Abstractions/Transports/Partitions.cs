using System.Globalization;
using System.Text;

namespace Carillon.Transports;

/// <summary>
/// Partitions are how a transport shares a subscription between instances: all messages of a key are in one partition, and a
/// partition is read by one instance at a time. They say nothing about parallelism inside an instance.
/// </summary>
/// <remarks>
/// A partition has a name that never changes, because what is stored refers to it; the runtime only ever compares names. A transport that
/// counts its partitions names them by <see cref="Name"/>; one that has them per topic puts the topic into the name.
/// </remarks>
public static class Partitions
{
    /// <summary>The one partition of a transport that has none.</summary>
    public const string Whole = "0";

    private static readonly string[] _names = [.. Enumerable.Range(0, 1024).Select(static number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>What a transport without partitions assigns.</summary>
    public static IReadOnlyCollection<string> All { get; } = [Whole];

    /// <summary>The name of a partition that is known by a number: its decimal digits.</summary>
    /// <param name="number">The number, at least 0.</param>
    public static string Name(int number) => number < _names.Length ? _names[number] : number.ToString(CultureInfo.InvariantCulture);

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
