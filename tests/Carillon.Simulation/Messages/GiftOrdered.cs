namespace Carillon.Simulations.Messages;

/// <summary>An order of another kind, which only the newer version of the inventory knows.</summary>
internal sealed record GiftOrdered(string OrderId, int Number, int Failures, int Milliseconds);
