using System;

namespace Carillon.Contracts.Legacy
{
    /// <summary>Print the label of a shipment: a command with a key that is not text.</summary>
    [Command("label.print")]
    public sealed record PrintLabel([property: Key] Guid Shipment, int Copies);
}
