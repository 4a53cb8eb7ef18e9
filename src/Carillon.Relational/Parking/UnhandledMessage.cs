namespace Carillon.Relational;

/// <summary>A parked message that waits for an instance that can handle it.</summary>
/// <param name="Parked">Its number.</param>
/// <param name="Key">Its key.</param>
internal readonly record struct UnhandledMessage(long Parked, string? Key);
