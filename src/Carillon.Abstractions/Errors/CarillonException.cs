using Carillon.Diagnostics;

namespace Carillon;

/// <summary>
/// The root of every exception that Carillon throws on purpose. The message says what failed, which message or setting it was,
/// and what to do next; <see cref="Code"/> is stable across releases and is what to search for in the documentation.
/// </summary>
public class CarillonException : Exception
{
    private const int MessageCharacters = 8_192;

    /// <summary>Creates the exception.</summary>
    /// <param name="code">The stable code, one of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">What failed, which one it was, and what to do next. Text of others in it cannot break its line: control characters become escapes.</param>
    /// <param name="innerException">What caused it, if something else did.</param>
    public CarillonException(string code, string message, Exception? innerException = null)
        : base(LogText.Clean($"{code}: {message}", MessageCharacters), innerException) => Code = code;

    /// <summary>The stable code of the error, such as <c>CRL1001</c>.</summary>
    public string Code { get; }
}
