using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Serialization;

/// <summary>A collection as System.Text.Json sees it.</summary>
/// <param name="Element">What it holds, or null when anything.</param>
/// <param name="ReasonAgainst">Why it cannot be read back, or null.</param>
internal sealed record JsonCollection(ITypeSymbol? Element, string? ReasonAgainst = null);
