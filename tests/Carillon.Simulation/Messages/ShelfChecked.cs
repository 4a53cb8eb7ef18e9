namespace Carillon.Simulations.Messages;

/// <summary>Published several at once, beside each other, while an order is reserved.</summary>
internal sealed record ShelfChecked(string OrderId, int Number, int Shelf);
