namespace Carillon.Relational;

/// <summary>What came of one piece of a subscription's retirement.</summary>
/// <param name="IsLast">Whether nothing more is to be done.</param>
/// <param name="Refusal">Why it is not retired; null where nothing is against it.</param>
internal readonly record struct RetirementStep(bool IsLast, CarillonException? Refusal);
