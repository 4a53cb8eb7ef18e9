using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Relaying;

/// <summary>What happens between an outbox and its transport, for the log.</summary>
internal static partial class RelayingLog
{
    [LoggerMessage(1501, LogLevel.Warning, "{Relay} could not send {Messages} messages, {Failures} times in {Lasted}; they stay in the outbox, and it is tried again and said again less often")]
    public static partial void SendFailed(ILogger logger, LogText relay, int messages, long failures, TimeSpan lasted, Exception error);

    [LoggerMessage(1502, LogLevel.Information, "{Relay} sends again, after {Lasted} and {Failures} failures")]
    public static partial void SendsAgain(ILogger logger, LogText relay, TimeSpan lasted, long failures);

    [LoggerMessage(1503, LogLevel.Warning, "The age of the outbox of {Service} could not be read, {Failures} times in {Lasted}; it is tried again, and said again less often")]
    public static partial void AgeUnknown(ILogger logger, LogText service, long failures, TimeSpan lasted, Exception error);

    [LoggerMessage(1504, LogLevel.Warning, "The transport refuses messages of {Relay} for now, {Messages} of them this time, {Failures} times in {Lasted}; they keep their places, other keys go on, and it is tried again and said again less often")]
    public static partial void RefusedForNow(ILogger logger, LogText relay, int messages, long failures, TimeSpan lasted, Exception error);

    [LoggerMessage(1505, LogLevel.Information, "The transport refuses nothing of {Relay} any more, after {Lasted} and {Failures} times")]
    public static partial void NothingRefused(ILogger logger, LogText relay, TimeSpan lasted, long failures);
}
