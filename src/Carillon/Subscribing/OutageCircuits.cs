using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Routing;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>The circuits of one subscription, one for each kind of message, and what people get to see of them.</summary>
internal sealed class OutageCircuits : IDisposable
{
    private readonly string _subscription;
    private readonly RetryOptions _retries;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter = CarillonTelemetry.CreateMeter();
    private readonly OutageSigns _signs;
    private readonly ConcurrentDictionary<MessageRoute, OutageCircuit> _byRoute = new(ReferenceEqualityComparer.Instance);

    public OutageCircuits(string subscription, RetryOptions retries, OutageSigns signs, TimeProvider time, ILogger logger)
    {
        (_subscription, _retries, _signs, _time, _logger) = (subscription, retries, signs, time, logger);
        _meter.CreateObservableGauge(
            "carillon.subscription.outages",
            () => new Measurement<int>(Outages.Count, new KeyValuePair<string, object?>("messaging.destination.subscription.name", subscription)),
            "{outage}",
            "For how many kinds of messages the subscription waits, because what their handlers need is away.");
    }

    /// <summary>The outages that are waited for.</summary>
    public IReadOnlyList<OutageState> Outages => [.. _byRoute.Values.Select(static circuit => circuit.Look()).OfType<OutageState>()];

    /// <summary>The circuit of a kind of message; null when the subscription does not tell outages from poison.</summary>
    public OutageCircuit? For(MessageRoute route) => !_retries.WaitsForOutages
        ? null
        : _byRoute.GetOrAdd(route, static (added, circuits) => circuits.Open(added), this);

    /// <summary>Messages were handled.</summary>
    public void Succeeded(OutageCircuit? circuit, int messages)
    {
        if (circuit?.Succeeded(messages) is { } ended)
            SubscribingLog.OutageEnded(_logger, _subscription, ended.Messages, ended.Since);
    }

    /// <summary>An attempt failed, and not for good.</summary>
    /// <param name="circuit">The circuit of its kind, if there is one.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="error">What was thrown.</param>
    /// <param name="failed">The attempts at the message that have failed before.</param>
    /// <param name="ofRound">How many attempts a whole round has.</param>
    /// <param name="isTrial">Whether this one was a trial.</param>
    /// <returns>Whether an outage is to blame, so that it does not count.</returns>
    public bool Failed(OutageCircuit? circuit, Delivery delivery, Exception error, IReadOnlyList<FailedAttempt> failed, int ofRound, bool isTrial)
    {
        if (circuit is null)
            return false;
        var key = delivery.Envelope.Key ?? delivery.Envelope.Id.ToString();
        DateTimeOffset? failedWholly = failed.Count >= ofRound ? failed[ofRound - 1].At : null;
        var isOutage = circuit.Failed(key, error, failedWholly, isTrial, _signs.Failed(key, error.GetType()), out var begun);
        if (begun is not null)
            SubscribingLog.OutageBegan(_logger, _subscription, begun.Messages, LoggableException.Of(error));
        return isOutage;
    }

    private OutageCircuit Open(MessageRoute route)
    {
        var circuit = new OutageCircuit(route.Message?.Name ?? "(any)", _retries.LongestOutage, _time, Note);
        _signs.Add(circuit);
        return circuit;
    }

    private void Note(OutageState outage, OutageEnd end)
    {
        if (end == OutageEnd.TookTooLong)
            SubscribingLog.OutageTooLong(_logger, _subscription, outage.Messages, outage.Since);
        else
            SubscribingLog.OutageEmpty(_logger, _subscription, outage.Messages, outage.Since);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
