using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Decides what becomes of the contexts of Entity Framework Core that a handler takes.</summary>
internal static class ContextParser
{
    /// <summary>
    /// The parameters as they are meant: a local handler runs in its caller's scope, and gets the context that the caller works with, as it is.
    /// </summary>
    public static ParameterModel Parse(ParameterModel parameter, bool isLocal) =>
        isLocal && parameter.Origin == ParameterOrigin.DbContext ? parameter with { Origin = ParameterOrigin.Service } : parameter;

    /// <summary>Finds a handler whose context nobody can bring into its unit of work.</summary>
    public static void Check(
        IReadOnlyList<ParameterModel> parameters, IMethodSymbol method, string name, Compilation compilation, Findings findings)
    {
        if (parameters.FirstOrDefault(parameter => parameter.Origin == ParameterOrigin.DbContext) is { } context
            && compilation.GetTypesByMetadataName(KnownTypes.ContextExtensions).IsEmpty)
        {
            findings.Add(Rules.ContextNotJoined, method.Parameters.First(parameter => parameter.Name == context.Name), context.Name, name, context.Type.ShortName);
        }
    }
}
