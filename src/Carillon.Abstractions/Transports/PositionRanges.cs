using System.Globalization;

namespace Carillon.Transports;

/// <summary>
/// Positions of a partition in short: where it is given to another owner, what is finished beyond its cursor goes with it, so that a clean handover repeats
/// nothing. Written as <c>7,12-90,95</c>.
/// </summary>
public sealed class PositionRanges
{
    /// <summary>The most ranges that are written down, as many as can come about with what is read ahead. What is beyond them is delivered again.</summary>
    public const int Most = PartitionWatermark.AheadMax;

    private readonly List<(long First, long Last)> _ranges;

    private PositionRanges(List<(long First, long Last)> ranges) => _ranges = ranges;

    /// <summary>No position.</summary>
    public static PositionRanges None { get; } = new([]);

    /// <summary>Whether there is no position at all.</summary>
    public bool IsEmpty => _ranges.Count == 0;

    /// <summary>Joins ranges, whatever their order, also where they overlap. One whose end is before its beginning is empty.</summary>
    public static PositionRanges Of(IEnumerable<(long First, long Last)> ranges)
    {
        var joined = new List<(long First, long Last)>();
        foreach (var range in ranges.Where(static range => range.First <= range.Last).Order())
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
                joined[^1] = (joined[^1].First, Math.Max(joined[^1].Last, range.Last));
            else
                joined.Add(range);
        }

        return joined.Count == 0 ? None : new PositionRanges(joined);
    }

    /// <summary>Reads what <see cref="ToString"/> has written. What cannot be read is none: then more is delivered again, and nothing is lost.</summary>
    public static PositionRanges Parse(string? text)
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryRead(dash < 0 ? part : part[..dash], out var first) || !TryRead(dash < 0 ? part : part[(dash + 1)..], out var last))
                return None;
            ranges.Add((first, last));
        }

        return Of(ranges);
    }

    /// <summary>Whether a position is one of them.</summary>
    public bool Contains(long position)
    {
        var (low, high) = (0, _ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (position < _ranges[middle].First)
                high = middle - 1;
            else if (position > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    /// <summary>Those after a position, as ranges.</summary>
    public IEnumerable<(long First, long Last)> After(long position) =>
        _ranges.Where(range => range.Last > position).Select(range => (Math.Max(range.First, position + 1), range.Last));

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', _ranges.Take(Most).Select(static range => range.First == range.Last
        ? range.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));

    private static bool TryRead(string text, out long position) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out position);
}
