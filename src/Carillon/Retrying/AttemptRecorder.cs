using Carillon.Parking;

namespace Carillon.Retrying;

/// <summary>Turns exceptions into failed attempts that can be stored: plain text, cut to size, whatever the exception does.</summary>
internal static class AttemptRecorder
{
    private const int MessageCharacters = 4_096;
    private const int StackTraceCharacters = 16_384;

    public static FailedAttempt Record(int number, DateTimeOffset at, string? handler, Exception error) =>
        new(number, at, handler, error.GetType().FullName ?? error.GetType().Name, Text(error), Cut(Safely(error, static e => e.StackTrace), StackTraceCharacters));

    /// <summary>The exception's message, also when the exception's own property throws or has no end.</summary>
    public static string Text(Exception error) =>
        Cut(Safely(error, static e => e.Message), MessageCharacters) ?? "(the exception has no readable message)";

    private static string? Safely(Exception error, Func<Exception, string?> read)
    {
        try
        {
            return read(error);
        }
        catch (Exception unreadable)
        {
            return $"(reading it threw {unreadable.GetType().FullName})";
        }
    }

    private static string? Cut(string? text, int most) => text is null || text.Length <= most ? text : text[..most];
}
