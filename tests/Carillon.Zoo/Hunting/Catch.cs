namespace Carillon.Zoo.Hunting;

/// <summary>What came of looking for one bug.</summary>
/// <param name="Runs">How many seeds it took, or all that were tried.</param>
/// <param name="Seed">The first seed that found it, or null.</param>
/// <param name="Rule">What it violated.</param>
/// <param name="What">How.</param>
internal sealed record Catch(long Runs, ulong? Seed = null, string Rule = "", string What = "");
