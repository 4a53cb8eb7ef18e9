namespace Carillon.Transports;

/// <summary>A partition that the instances of a subscription share.</summary>
/// <param name="Owner">The instance that reads it, or null while nobody does.</param>
/// <param name="Wanted">
/// The type and topic of its next message, when its last owner gave it back because it cannot handle that and another can; null otherwise.
/// </param>
public readonly record struct SharedPartition(string? Owner, RoutedType? Wanted);
