using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Serialization;

/// <summary>A property or field that System.Text.Json writes.</summary>
/// <param name="Symbol">The property or field.</param>
/// <param name="Type">What it holds.</param>
internal sealed record JsonMember(ISymbol Symbol, ITypeSymbol Type);
