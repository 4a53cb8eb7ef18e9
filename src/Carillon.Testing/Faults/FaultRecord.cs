namespace Carillon.Testing.Faults;

/// <summary>Something that went wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When, in ticks of the true time.</param>
/// <param name="Description">Where, for people.</param>
internal readonly record struct FaultRecord(FaultKinds Kind, long At, string Description);
