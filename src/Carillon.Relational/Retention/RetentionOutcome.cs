namespace Carillon.Relational;

/// <summary>What one round of retention did.</summary>
/// <param name="Removed">How many messages were removed.</param>
/// <param name="Hold">Who keeps it from removing more that is too old or too much; null when nobody does.</param>
internal readonly record struct RetentionOutcome(int Removed, RetentionHold? Hold);
