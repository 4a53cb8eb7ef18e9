namespace Carillon.SourceGenerator.Models;

/// <summary>What the attribute of a handler says.</summary>
/// <param name="Subscription">Its own subscription, or null for the service's.</param>
/// <param name="Topics">The topics it handles, or none for the message's own.</param>
/// <param name="IsOrdered">Whether it insists on a key.</param>
/// <param name="BatchSize">The most messages in one call.</param>
/// <param name="AsksForExactlyOnce">Whether it asks for exactly once by itself, whatever the parameters are.</param>
/// <param name="AsksForAtMostOnce">Whether it asks for at most once.</param>
internal sealed record HandlerSettings(
    string? Subscription, EquatableArray<string> Topics, bool IsOrdered, int BatchSize, bool AsksForExactlyOnce, bool AsksForAtMostOnce)
{
    public const int DefaultBatchSize = 100;

    public static HandlerSettings Default { get; } = new(null, default, false, DefaultBatchSize, false, false);
}
