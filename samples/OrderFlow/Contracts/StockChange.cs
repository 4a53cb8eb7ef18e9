namespace OrderFlow.Contracts;

/// <summary>Why stock changed.</summary>
public static class StockChange
{
    /// <summary>An order took it.</summary>
    public const string Reserved = "reserved";

    /// <summary>An order gave it back.</summary>
    public const string Released = "released";
}
