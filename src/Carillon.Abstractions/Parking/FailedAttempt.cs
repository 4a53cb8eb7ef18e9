namespace Carillon.Parking;

/// <summary>One attempt to handle a message that failed.</summary>
/// <param name="Number">Which attempt it was, from 1.</param>
/// <param name="At">When it failed.</param>
/// <param name="Handler">The handler that failed, or null when the message did not get that far.</param>
/// <param name="ErrorType">The full name of the exception's type.</param>
/// <param name="Message">The exception's message, followed by type and message of each exception that caused it; cut to 4,096 bytes of UTF-8.</param>
/// <param name="StackTrace">The exception's stack trace, followed by type, message and stack trace of each exception that caused it; cut to about 16,384 bytes of UTF-8.</param>
public sealed record FailedAttempt(int Number, DateTimeOffset At, string? Handler, string ErrorType, string Message, string? StackTrace);
