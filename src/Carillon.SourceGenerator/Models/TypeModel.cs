namespace Carillon.SourceGenerator.Models;

/// <summary>The names of a type.</summary>
/// <param name="Code">How C# names it from anywhere: <c>global::Shop.Orders.Placed</c>.</param>
/// <param name="FullName">How people name it exactly: <c>Shop.Orders.Placed</c>.</param>
/// <param name="ShortName">How people name it in passing: <c>Orders.Placed</c>.</param>
/// <param name="IsObsolete">Whether its author has made it obsolete as an error, so that only code that is obsolete itself may name it.</param>
internal sealed record TypeModel(string Code, string FullName, string ShortName, bool IsObsolete)
{
    /// <summary>
    /// A C# identifier that no other type has, and nothing that generated code has besides: dots become underscores, and no name begins with the digit that marks
    /// those that were underscores before.
    /// </summary>
    public string Identifier
    {
        get
        {
            var name = FullName.Replace("@", "").Replace("_", "_0").Replace('.', '_');
            return name.IndexOf('_') > 0 ? name : "_" + name;
        }
    }
}
