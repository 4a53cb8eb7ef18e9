using System.Text.Json.Serialization;

namespace OrderFlow.Contracts;

/// <summary>What inventory says to an order: reserved or not.</summary>
[JsonDerivedType(typeof(InventoryUpdated), "reserved")]
[JsonDerivedType(typeof(InventoryCheckFailed), "failed")]
public interface IStockDecision;
