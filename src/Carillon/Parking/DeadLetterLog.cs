using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Parking;

/// <summary>What happens to messages that are set aside, for the log.</summary>
internal static partial class DeadLetterLog
{
    [LoggerMessage(1301, LogLevel.Warning, "Message {Id} ({Type}, key {Key}) failed in {Handler} of {Subscription} after {Attempts} attempts and is tried again at {Due:O}: {ErrorType}: {Message}")]
    public static partial void Retrying(
        ILogger logger, LogText id, LogText type, LogText key, LogText handler, LogText subscription, int attempts, DateTimeOffset due, LogText errorType, LogText message, Exception? error);

    [LoggerMessage(1302, LogLevel.Error, "Message {Id} ({Type}, key {Key}) is dead letter {Number} of {Subscription}: {Code}: {Reason}{Consequence}")]
    public static partial void Buried(
        ILogger logger, LogText id, LogText type, LogText key, LogText number, LogText subscription, LogText code, LogText reason, LogText consequence, Exception? error);

    [LoggerMessage(1307, LogLevel.Warning, "Message {Id} ({Type}) of {Subscription} waits until {Until:O} for an instance that can handle it, and holds up nothing: {Reason}")]
    public static partial void Unhandled(ILogger logger, LogText id, LogText type, LogText subscription, DateTimeOffset until, LogText reason);

    [LoggerMessage(1304, LogLevel.Critical, "{Alarm}: key {Key} of {Subscription} stands still at message {Id} ({Type}), which is tried again until it is handled: {Reason}")]
    public static partial void KeyStopped(ILogger logger, LogText alarm, LogText subscription, LogText key, LogText id, LogText type, LogText reason, Exception? error);

    [LoggerMessage(1305, LogLevel.Information, "All keys of {Subscription} that stood still go on")]
    public static partial void KeysGoOn(ILogger logger, LogText subscription);

    [LoggerMessage(1306, LogLevel.Error, "The stopped keys of {Subscription} could not be read{Failures}; it is tried again, and said again less often")]
    public static partial void StoppedKeysUnknown(ILogger logger, LogText subscription, LogText failures, Exception error);

    [LoggerMessage(1303, LogLevel.Error, "The store of parked messages failed{Failures}, the last time for message {Id} of {Subscription}; the message is kept, and the write is tried again and said again less often")]
    public static partial void StoreFailed(ILogger logger, LogText id, LogText subscription, LogText failures, Exception error);

    [LoggerMessage(1320, LogLevel.Information, "Messages of {Subscription} can be parked again, after {Failures}")]
    public static partial void StoreAgain(ILogger logger, LogText subscription, LogText failures);

    [LoggerMessage(1321, LogLevel.Information, "The stopped keys of {Subscription} can be read again, after {Failures}")]
    public static partial void StoppedKeysKnown(ILogger logger, LogText subscription, LogText failures);

    [LoggerMessage(1324, LogLevel.Error, "The store of parked messages can never hold message {Id} of {Subscription} as it is; it is parked with less said about it")]
    public static partial void ContentRefused(ILogger logger, LogText id, LogText subscription, Exception error);

    [LoggerMessage(1322, LogLevel.Warning, "Partition {Partition} of {Subscription} was taken over by another instance; nothing of it is handled here unless it comes back")]
    public static partial void TakenOver(ILogger logger, LogText subscription, LogText partition);

    [LoggerMessage(1323, LogLevel.Error, "Partition {Partition} of {Subscription} could not be taken back{Failures}; its messages wait, and it is tried again and said again less often")]
    public static partial void TakeOverFailed(ILogger logger, LogText partition, LogText subscription, LogText failures, Exception error);
}
