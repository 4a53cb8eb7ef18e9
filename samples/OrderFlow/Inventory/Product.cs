namespace OrderFlow.Inventory;

/// <summary>A product and its stock.</summary>
/// <param name="ProductId">The product, such as <c>PROD-001</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Available">How many can be ordered.</param>
/// <param name="Reserved">How many are taken by orders that were not rejected.</param>
internal sealed record Product(string ProductId, string Name, int Available, int Reserved);
