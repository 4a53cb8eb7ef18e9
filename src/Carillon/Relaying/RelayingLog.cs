using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Relaying;

/// <summary>What happens between an outbox and its transport, for the log.</summary>
internal static partial class RelayingLog
{
    [LoggerMessage(1501, LogLevel.Warning, "{Relay} could not send {Messages} messages{Failures}; they stay in the outbox, and it is tried again and said again less often")]
    public static partial void SendFailed(ILogger logger, LogText relay, int messages, LogText failures, Exception error);

    [LoggerMessage(1502, LogLevel.Information, "{Relay} sends again, after {Failures}")]
    public static partial void SendsAgain(ILogger logger, LogText relay, LogText failures);

    [LoggerMessage(1503, LogLevel.Warning, "The age of the outbox of {Service} could not be read{Failures}; it is tried again, and said again less often")]
    public static partial void AgeUnknown(ILogger logger, LogText service, LogText failures, Exception error);

    [LoggerMessage(1504, LogLevel.Warning, "The transport refuses messages of {Relay} for now, {Messages} of them this time{Failures}; they keep their places, other keys go on, and it is tried again and said again less often")]
    public static partial void RefusedForNow(ILogger logger, LogText relay, int messages, LogText failures, Exception error);

    [LoggerMessage(1505, LogLevel.Information, "The transport refuses nothing of {Relay} any more, after {Failures}")]
    public static partial void NothingRefused(ILogger logger, LogText relay, LogText failures);
}
