using Microsoft.Extensions.Logging;

namespace Carillon.Relaying;

/// <summary>What happens between an outbox and its transport, for the log.</summary>
internal static partial class RelayingLog
{
    [LoggerMessage(1501, LogLevel.Warning, "{Relay} could not send {Messages} messages, for the {Failures}. time in a row; they stay in the outbox and are sent again in {Pause}")]
    public static partial void SendFailed(ILogger logger, string relay, int messages, int failures, TimeSpan pause, Exception error);

    [LoggerMessage(1502, LogLevel.Information, "{Relay} sends again, after {Failures} failures")]
    public static partial void SendsAgain(ILogger logger, string relay, int failures);

    [LoggerMessage(1503, LogLevel.Warning, "The age of the outbox of {Service} could not be read")]
    public static partial void AgeUnknown(ILogger logger, string service, Exception error);
}
