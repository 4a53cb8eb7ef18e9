using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Models;

/// <summary>What the generator needs to know of a project as a whole.</summary>
/// <param name="UsesCarillon">Whether it refers to more of Carillon than what contracts need.</param>
/// <param name="UsesContexts">Whether it refers to Carillon.EntityFrameworkCore.</param>
/// <param name="Language">The version of C# that it is written in.</param>
internal sealed record ProjectModel(bool UsesCarillon, bool UsesContexts, LanguageVersion Language)
{
    /// <summary>The oldest C# that generated code compiles in: it has nullable types and asynchronous streams.</summary>
    public const LanguageVersion Oldest = LanguageVersion.CSharp8;

    /// <summary>Whether generated code compiles there.</summary>
    public bool CompilesGenerated => Language >= Oldest;

    /// <summary>Whether text may stand in the source as it is.</summary>
    public bool HasRawText => Language >= LanguageVersion.CSharp11;
}
