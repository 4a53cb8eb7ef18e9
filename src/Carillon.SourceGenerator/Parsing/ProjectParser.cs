using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads what concerns a project as a whole.</summary>
internal static class ProjectParser
{
    public static ProjectModel Parse(Compilation compilation) => new(
        compilation.GetTypeByMetadataName(KnownTypes.Builder) is not null,
        compilation.GetTypeByMetadataName(KnownTypes.BuilderContextExtensions) is not null,
        ((CSharpCompilation)compilation).LanguageVersion);
}
