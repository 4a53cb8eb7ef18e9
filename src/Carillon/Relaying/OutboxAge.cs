using System.Diagnostics.Metrics;
using Carillon.Diagnostics;
using Carillon.Durability;
using Microsoft.Extensions.Logging;

namespace Carillon.Relaying;

/// <summary>
/// How long the oldest message of a service has waited in its outbox: for the health check, which asks the store, and for the gauge
/// <c>carillon.outbox.oldest.age</c>, which shows what the store said a few seconds ago, while anybody looks at it.
/// </summary>
internal sealed class OutboxAge : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly string _service;
    private readonly IOutbox _outbox;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter = CarillonTelemetry.CreateMeter();
    private readonly ObservableGauge<double> _gauge;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;
    private readonly RecurringFailure _reading;
    private Reading? _last;

    public OutboxAge(string service, IOutbox outbox, TimeProvider time, ILogger logger)
    {
        (_service, _outbox, _time, _logger) = (service, outbox, time, logger);
        _reading = new RecurringFailure(time);
        _gauge = _meter.CreateObservableGauge(
            "carillon.outbox.oldest.age", Observe, "s", "How long the oldest message of the outbox has waited that was not sent.");
        _watching = WatchAsync(_stopping.Token);
    }

    /// <summary>Asks the store. Zero when everything is sent.</summary>
    public async ValueTask<TimeSpan> ReadAsync(CancellationToken cancellation)
    {
        var reading = new Reading(await _outbox.FindOldestUnsentAsync(_service, cancellation));
        Volatile.Write(ref _last, reading);
        return AgeOf(reading);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _watching;
        _meter.Dispose();
        _stopping.Dispose();
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (_gauge.Enabled)
                {
                    await ReadAsync(stopping);
                    _reading.Succeeded();
                }

                await Task.Delay(Pause, _time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                if (_reading.Failed(error) is { } notice)
                    RelayingLog.AgeUnknown(_logger, _service, notice.While, error);
                Volatile.Write(ref _last, null);
                await PauseAsync(stopping);
            }
        }
    }

    private async Task PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(Pause, _time, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }

    private IEnumerable<Measurement<double>> Observe() => Volatile.Read(ref _last) is { } reading
        ? [new Measurement<double>(AgeOf(reading).TotalSeconds, new KeyValuePair<string, object?>("carillon.service", _service))]
        : [];

    private TimeSpan AgeOf(Reading reading)
    {
        var age = _time.GetUtcNow() - reading.Oldest;
        return age > TimeSpan.Zero ? age.Value : TimeSpan.Zero;
    }

    private sealed record Reading(DateTimeOffset? Oldest);
}
