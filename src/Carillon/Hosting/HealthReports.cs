namespace Carillon.Hosting;

/// <summary>Asks those of several things that say what is wrong with them.</summary>
internal static class HealthReports
{
    public static IReadOnlyList<HealthFinding> None { get; } = [];

    public static async ValueTask<IReadOnlyList<HealthFinding>> AskAsync(IEnumerable<object?> asked, CancellationToken cancellation)
    {
        List<HealthFinding>? findings = null;
        foreach (var reporting in asked.OfType<IHealthReporting>())
        {
            if (await reporting.CheckHealthAsync(cancellation) is { Count: > 0 } found)
                (findings ??= []).AddRange(found);
        }

        return findings ?? None;
    }
}
