namespace Carillon.SourceGenerator.Models;

/// <summary>What the registration needs to know of a handler class: not what its handlers do.</summary>
/// <param name="Class">The class.</param>
/// <param name="GeneratedClass">The generated class that calls its handlers.</param>
internal sealed record HandlerRegistration(TypeModel Class, string GeneratedClass);
