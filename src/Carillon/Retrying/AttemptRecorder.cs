using Carillon.Diagnostics;
using Carillon.Parking;

namespace Carillon.Retrying;

/// <summary>Turns exceptions into failed attempts that can be stored: the whole chain of causes as plain text, cut to size, whatever the exceptions do.</summary>
internal static class AttemptRecorder
{
    private const int MessageBytes = 4_096;
    private const int StackTraceBytes = 16_384;

    public static FailedAttempt Record(int number, DateTimeOffset at, string? handler, Exception error)
    {
        var chain = ExceptionChain.Of(error);
        return new FailedAttempt(number, at, handler, ExceptionChain.NameOf(error), chain.Messages(MessageBytes), chain.StackTraces(StackTraceBytes));
    }

    /// <summary>The messages of an exception and of what caused it, also when an exception's own property throws or has no end.</summary>
    public static string Text(Exception error) => ExceptionChain.Of(error).Messages(MessageBytes);
}
