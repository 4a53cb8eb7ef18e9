using System.Diagnostics;
using System.Globalization;
using Carillon.Diagnostics;

namespace Carillon.Publishing;

/// <summary>
/// The units of work that code outside of the pipeline has begun and not disposed. One that was forgotten holds its locks, on SQLite those of everybody who
/// writes, so people must get to know who began it.
/// </summary>
internal sealed class OpenUnitsOfWork(string service, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<OpenUnitOfWork> _open = new(ReferenceEqualityComparer.Instance);

    /// <summary>One begins.</summary>
    public OpenUnitOfWork Add(string caller, int line, IAmbientScope? around)
    {
        var place = caller.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{caller}, line {line}") : null;
        var open = new OpenUnitOfWork(time.GetUtcNow(), place, Activity.Current?.DisplayName, around?.Cause?.Id);
        lock (_gate)
            _open.Add(open);
        return open;
    }

    /// <summary>One has ended.</summary>
    public void Remove(OpenUnitOfWork open)
    {
        lock (_gate)
            _open.Remove(open);
    }

    /// <summary>Says which one has been open for longest, if that is long.</summary>
    /// <param name="limit">What is long.</param>
    public HealthFinding? CheckHealth(TimeSpan limit)
    {
        OpenUnitOfWork? oldest;
        int count;
        lock (_gate)
            (oldest, count) = (_open.MinBy(static open => open.Since), _open.Count);
        if (oldest is null || time.GetUtcNow() - oldest.Since < limit)
            return null;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{service} has {count} open units of work, the oldest since {oldest.Since:u}{Describe(oldest)}. It holds its locks, and on SQLite nobody else can write. Dispose each one: await using var work = await bus.BeginAsync(...).");
        return new HealthFinding(HealthSeverity.Degraded, text) { Since = oldest.Since };
    }

    private static string Describe(OpenUnitOfWork open)
    {
        var what = open.Caller is { } caller ? $", begun by {caller}" : "";
        if (open.Activity is { } activity)
            what += $", in {new LogText(activity)}";
        if (open.Handled is { } handled)
            what += $", while message {new LogText(handled.ToString())} was handled";
        return what;
    }
}
