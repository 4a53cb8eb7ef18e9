namespace Carillon.SourceGenerator.Models;

/// <summary>The key of a message.</summary>
/// <param name="Property">The property that holds it.</param>
/// <param name="Expression">C# that takes its text, or null, from a variable called <c>message</c>.</param>
internal sealed record KeyModel(string Property, string Expression);
