namespace Carillon;

/// <summary>Something that is wrong with a running service.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Text">Whole sentences for people: what is wrong, since when, which message or handler it concerns, and what to do.</param>
public sealed record HealthFinding(HealthSeverity Severity, string Text)
{
    /// <summary>Since when it is so, as far as it is known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What was thrown, if anything.</summary>
    public Exception? Error { get; init; }
}
