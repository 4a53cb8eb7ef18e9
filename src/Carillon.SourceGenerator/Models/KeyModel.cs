namespace Carillon.SourceGenerator.Models;

/// <summary>The key of a message.</summary>
/// <param name="Property">The property that holds it.</param>
/// <param name="Expression">C# that takes its text, or null, from a variable called <c>message</c>.</param>
/// <param name="IsObsolete">Whether only code that is obsolete itself may read it.</param>
internal sealed record KeyModel(string Property, string Expression, bool IsObsolete);
