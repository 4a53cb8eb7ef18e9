using System.Buffers;
using Carillon.Transports;

namespace Carillon.Events;

/// <summary>What a message may be called on the wire.</summary>
internal static class MessageName
{
    public const int MaxCharacters = 200;

    private static readonly SearchValues<char> _clrTypeCharacters = SearchValues.Create(",`[]");

    public static bool IsValid(string? name) => TopicPattern.IsTopic(name) && !IsClrTypeName(name);

    /// <summary>Whether a name was made from a CLR type: assembly-qualified, generic, or out of the class library.</summary>
    public static bool IsClrTypeName(ReadOnlySpan<char> name) =>
        name.StartsWith("System.", StringComparison.Ordinal) ||
        name.StartsWith("Microsoft.", StringComparison.Ordinal) ||
        name.ContainsAny(_clrTypeCharacters);
}
