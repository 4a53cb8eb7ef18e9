using Microsoft.Extensions.Logging;

namespace Carillon.DeadLetters;

/// <summary>What happens to messages that are set aside, for the log.</summary>
internal static partial class DeadLetterLog
{
    [LoggerMessage(1301, LogLevel.Warning, "Message {Id} failed in {Subscription} after {Attempts} attempts and is tried again at {Due:O}: {ErrorType}: {Message}")]
    public static partial void Retrying(ILogger logger, EventId id, string subscription, int attempts, DateTimeOffset due, string errorType, string message, Exception? error);

    [LoggerMessage(1302, LogLevel.Error, "Message {Id} ({Type}) is a dead letter of {Subscription}: {Code}: {Reason}")]
    public static partial void Buried(ILogger logger, EventId id, string? type, string subscription, string code, string reason, Exception? error);

    [LoggerMessage(1304, LogLevel.Critical, "{Alarm}: key {Key} of {Subscription} stands still at message {Id} ({Type}), which is tried again until it is handled: {Code}: {Reason}")]
    public static partial void KeyStopped(ILogger logger, string alarm, string subscription, string? key, EventId id, string? type, string code, string reason, Exception? error);

    [LoggerMessage(1305, LogLevel.Information, "All keys of {Subscription} that stood still go on")]
    public static partial void KeysGoOn(ILogger logger, string subscription);

    [LoggerMessage(1306, LogLevel.Error, "The stopped keys of {Subscription} could not be read; trying again")]
    public static partial void StoppedKeysUnknown(ILogger logger, string subscription, Exception error);

    [LoggerMessage(1303, LogLevel.Error, "The store of parked messages failed {Failures} times for message {Id} of {Subscription}; the message is kept and the write is tried again")]
    public static partial void StoreFailed(ILogger logger, EventId id, string subscription, int failures, Exception error);
}
