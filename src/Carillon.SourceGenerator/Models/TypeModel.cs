namespace Carillon.SourceGenerator.Models;

/// <summary>The names of a type.</summary>
/// <param name="Code">How C# names it from anywhere: <c>global::Shop.Orders.Placed</c>.</param>
/// <param name="FullName">How people name it exactly: <c>Shop.Orders.Placed</c>.</param>
/// <param name="ShortName">How people name it in passing: <c>Orders.Placed</c>.</param>
internal sealed record TypeModel(string Code, string FullName, string ShortName)
{
    /// <summary>A C# identifier that no other type has: dots become underscores, underscores are doubled.</summary>
    public string Identifier => FullName.Replace("_", "__").Replace('.', '_');
}
