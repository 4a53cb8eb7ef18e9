namespace Carillon.Simulations.Messages;

/// <summary>The first of the three events of the workload.</summary>
internal sealed record OrderPlaced(string OrderId, int Number, int Failures, int Milliseconds);
