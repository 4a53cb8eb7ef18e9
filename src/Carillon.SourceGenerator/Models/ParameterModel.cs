namespace Carillon.SourceGenerator.Models;

/// <summary>A parameter of a handler.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Origin">Where its value comes from.</param>
/// <param name="IsOptional">For a service: whether null will do when it is not registered.</param>
/// <param name="ServiceKey">For a keyed service: C# of the key; otherwise null.</param>
/// <param name="IsKeyObsolete">For a keyed service: whether only code that is obsolete itself may name the key.</param>
internal sealed record ParameterModel(
    string Name, TypeModel Type, ParameterOrigin Origin, bool IsOptional = false, string? ServiceKey = null, bool IsKeyObsolete = false)
{
    /// <summary>Whether it is the unit of work that the handler runs in, or a part of it.</summary>
    public bool IsOfUnitOfWork => Origin is ParameterOrigin.UnitOfWork or ParameterOrigin.Transaction or ParameterOrigin.Connection or ParameterOrigin.DbContext;
}
