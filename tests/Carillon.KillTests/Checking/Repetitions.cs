namespace Carillon.KillTests;

/// <summary>Effects of what had happened before.</summary>
/// <param name="Explained">Those that at least once allows, because of a kill.</param>
/// <param name="Wrong">Those that nothing allows.</param>
internal sealed record Repetitions(IReadOnlyList<Effect> Explained, IReadOnlyList<Effect> Wrong);
