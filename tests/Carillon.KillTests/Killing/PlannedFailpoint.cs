using System.Text.Json;

namespace Carillon.KillTests;

/// <summary>A place where a process kills itself, or stands still.</summary>
/// <param name="Name">The failpoint.</param>
/// <param name="Hit">The how manyth time that it is reached, from 1.</param>
/// <param name="Halts">Whether the process stands still there rather than dying.</param>
internal sealed record PlannedFailpoint(string Name, int Hit, bool Halts = false)
{
    /// <summary>Reads what <see cref="ToLine"/> wrote.</summary>
    public static PlannedFailpoint Parse(string line) => JsonSerializer.Deserialize(line, HistoryJson.Default.PlannedFailpoint)!;

    /// <summary>As one line, to tell it to a process that runs.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, HistoryJson.Default.PlannedFailpoint);
}
