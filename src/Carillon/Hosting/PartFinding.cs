namespace Carillon.Hosting;

/// <summary>What is wrong with a part of a service.</summary>
/// <param name="Part">The part's name.</param>
/// <param name="Finding">What is wrong.</param>
internal sealed record PartFinding(string Part, HealthFinding Finding);
