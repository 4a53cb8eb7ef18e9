using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>What happens to subscriptions and their deliveries, for the log.</summary>
internal static partial class SubscribingLog
{
    [LoggerMessage(1201, LogLevel.Debug, "Message {Id} was taken away from {Subscription} while it was handled; it is delivered again")]
    public static partial void Interrupted(ILogger logger, LogText id, LogText subscription);

    [LoggerMessage(1202, LogLevel.Error, "Message {Id} could not be processed by {Subscription}; it is kept and tried again")]
    public static partial void ProcessingFailed(ILogger logger, LogText id, LogText subscription, Exception? error);

    [LoggerMessage(1208, LogLevel.Error, "A retry condition of {Subscription} threw when it was asked about the failure of message {Id}; it counts as not met")]
    public static partial void ConditionFailed(ILogger logger, LogText id, LogText subscription, Exception? error);

    [LoggerMessage(1209, LogLevel.Warning, "{Handler} of {Subscription} has been handling message {Id} since {Since:O} and ignores that it was cancelled when its time was over; the message's key waits for it")]
    public static partial void HandlerHangs(ILogger logger, LogText handler, LogText subscription, LogText id, DateTimeOffset since);

    [LoggerMessage(1210, LogLevel.Warning, "Subscription {Subscription} waits with {Messages}: nearly all attempts fail alike, so something that their handlers need seems to be away. None counts until one succeeds")]
    public static partial void OutageBegan(ILogger logger, LogText subscription, LogText messages, Exception? error);

    [LoggerMessage(1211, LogLevel.Information, "Subscription {Subscription} goes on with {Messages}, after waiting since {Since:O}")]
    public static partial void OutageEnded(ILogger logger, LogText subscription, LogText messages, DateTimeOffset since);

    [LoggerMessage(1231, LogLevel.Error, "Subscription {Subscription} has waited with {Messages} since {Since:O}, which is as long as an outage is waited for: all attempts are made and count again, until one succeeds")]
    public static partial void OutageTooLong(ILogger logger, LogText subscription, LogText messages, DateTimeOffset since);

    [LoggerMessage(1232, LogLevel.Information, "In subscription {Subscription} no message of {Messages} waits any more for the end of the outage since {Since:O}")]
    public static partial void OutageEmpty(ILogger logger, LogText subscription, LogText messages, DateTimeOffset since);

    [LoggerMessage(1233, LogLevel.Warning, "Message {Id} ({Type}, key {Key}) is lost, because {Subscription} handles at most once ({Reason}): {Detail}")]
    public static partial void Lost(
        ILogger logger, LogText id, LogText type, LogText key, LogText subscription, LogText reason, LogText detail, Exception? error);

    [LoggerMessage(1203, LogLevel.Information, "Subscription {Subscription} receives with up to {Concurrency} handlers at once")]
    public static partial void Started(ILogger logger, LogText subscription, int concurrency);

    [LoggerMessage(1204, LogLevel.Warning, "Subscription {Subscription} stopped without waiting further for {Handler}: it did not end within the grace time; its message is delivered again, to whoever has its partition when this process's right to that has run out")]
    public static partial void HandlerAbandoned(ILogger logger, LogText subscription, LogText handler);

    [LoggerMessage(1223, LogLevel.Warning, "Subscription {Subscription} is to give up partitions {Partitions}, and {Handler} goes on with a message of them although it was cancelled; they stay here until it ends, and nothing more of them is handled")]
    public static partial void PartitionsKept(ILogger logger, LogText subscription, LogText partitions, LogText handler);

    [LoggerMessage(1230, LogLevel.Warning, "Subscription {Subscription} has lost {What}, and {Handler} goes on with a message of that although it was cancelled; another instance may handle messages of the same keys beside it")]
    public static partial void LostPartitionsHandled(ILogger logger, LogText subscription, LogText what, LogText handler);

    [LoggerMessage(1224, LogLevel.Warning, "Message {Id} of {Subscription} was being handled when a process died, {Deaths} times after the first death; it is handled alone now, or given up")]
    public static partial void ProcessDied(ILogger logger, LogText id, LogText subscription, int deaths);

    [LoggerMessage(1226, LogLevel.Warning, "The note that message {Id} of {Subscription} is being handled could not be removed; that is tried again, and if another process gets the message before, it counts as one death more")]
    public static partial void NoteKept(ILogger logger, LogText id, LogText subscription, Exception error);

    [LoggerMessage(1206, LogLevel.Warning, "Security: message {Id} from {Source} names a CLR type where its wire name belongs; {Subscription} has not looked it up and keeps it as a dead letter")]
    public static partial void TypeNameOnWire(ILogger logger, LogText subscription, LogText id, LogText source);

    [LoggerMessage(1207, LogLevel.Error, "A handler of {Subscription} was cancelled, and what it had registered for that threw")]
    public static partial void CancellingFailed(ILogger logger, LogText subscription, Exception error);

    [LoggerMessage(1229, LogLevel.Error, "A worker of {Subscription} has ended by itself while it worked on {Handler}; the keys that it had stay unhandled until the service is restarted")]
    public static partial void WorkerBroken(ILogger logger, LogText subscription, LogText handler, Exception error);

    [LoggerMessage(1205, LogLevel.Error, "The parked messages of {Subscription} could not be read or given back{Failures}; it is tried again, and said again less often")]
    public static partial void RedeliveryFailed(ILogger logger, LogText subscription, LogText failures, Exception error);

    [LoggerMessage(1220, LogLevel.Information, "The parked messages of {Subscription} can be read again, after {Failures}")]
    public static partial void RedeliveryAgain(ILogger logger, LogText subscription, LogText failures);

    [LoggerMessage(1228, LogLevel.Warning, "Whether another instance of {Subscription} handles what this one does not could not be found out{Failures}; such messages wait until it can")]
    public static partial void OthersUnknown(ILogger logger, LogText subscription, LogText failures, Exception error);

    [LoggerMessage(1221, LogLevel.Warning, "Subscription {Subscription} stopped without waiting further for {Steps}: the grace time was over; what was not written down is delivered again")]
    public static partial void StopIncomplete(ILogger logger, LogText subscription, LogText steps);

    [LoggerMessage(1222, LogLevel.Error, "Something of {Subscription} failed while it stopped; what was not written down is delivered again")]
    public static partial void StopFailed(ILogger logger, LogText subscription, Exception error);

    [LoggerMessage(1227, LogLevel.Warning, "Handlers of {Subscription} wait for their unit of work to begin, since {Since}. Their messages are kept and no attempt is counted")]
    public static partial void WaitingToBegin(ILogger logger, LogText subscription, DateTimeOffset since, Exception reason);
}
