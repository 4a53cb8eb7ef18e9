using System.Diagnostics.Metrics;
using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>Counts the messages that a subscription has lost, because it handles them at most once, and says each in the log.</summary>
internal sealed class LostMessages : IDisposable
{
    private readonly string _subscription;
    private readonly ILogger _logger;
    private readonly Meter _meter = CarillonTelemetry.CreateMeter();
    private readonly Counter<long> _counter;

    public LostMessages(string subscription, ILogger logger)
    {
        (_subscription, _logger) = (subscription, logger);
        _counter = _meter.CreateCounter<long>(
            "carillon.subscription.messages.lost", "{message}", "How many messages were lost, because they are handled at most once.");
    }

    /// <summary>A message was lost.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reason">Why.</param>
    /// <param name="detail">The same for people.</param>
    /// <param name="error">What was thrown, if that is why.</param>
    public void Add(in Envelope message, LossReason reason, string detail, Exception? error = null)
    {
        var word = WordOf(reason);
        _counter.Add(
            1, new KeyValuePair<string, object?>("messaging.destination.subscription.name", _subscription), new KeyValuePair<string, object?>("carillon.loss.reason", word));
        SubscribingLog.Lost(_logger, message.Id, message.Type, message.Key, _subscription, word, detail, LoggableException.Of(error));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static string WordOf(LossReason reason) => reason switch
    {
        LossReason.Failed => "failed",
        LossReason.Expired => "expired",
        LossReason.Unreadable => "unreadable",
        LossReason.Unhandled => "unhandled",
        _ => "stopped",
    };
}
