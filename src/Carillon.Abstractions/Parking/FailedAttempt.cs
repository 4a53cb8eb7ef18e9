namespace Carillon.Parking;

/// <summary>One attempt to handle a message that failed.</summary>
/// <param name="Number">Which attempt it was, from 1.</param>
/// <param name="At">When it failed.</param>
/// <param name="Handler">The handler that failed, or null when the message did not get that far.</param>
/// <param name="ErrorType">The full name of the exception's type.</param>
/// <param name="Message">The exception's message, cut to 4,096 characters.</param>
/// <param name="StackTrace">The exception's stack trace, cut to 16,384 characters.</param>
public sealed record FailedAttempt(int Number, DateTimeOffset At, string? Handler, string ErrorType, string Message, string? StackTrace);
