using System.Globalization;
using Carillon.Health;
using Carillon.Publishing;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>What the bus of a running service hands its messages to: from its start to its stop, publishing and scheduling work.</summary>
internal sealed class PublisherPart(
    string service,
    PublishBatcher batcher,
    Func<ITransportSender> sender,
    ServiceSchedule schedule,
    Func<ISchedule> createSchedule,
    OpenUnitsOfWork units,
    HealthOptions health,
    TimeProvider time,
    ILogger logger) : IServicePart
{
    private readonly ProgressWatch _progress = new(time);

    public string Name => $"the publisher of {service}";

    public ServiceStage Stage => ServiceStage.Publishing;

    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        await batcher.StartAsync(sender());
        schedule.Open(createSchedule());
    }

    /// <summary>Sends what was accepted. What is not confirmed when the time is over fails for those who wait for it.</summary>
    public ValueTask StopAsync(CancellationToken deadline)
    {
        schedule.Close(logger);
        return batcher.StopAsync(deadline);
    }

    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var findings = new List<HealthFinding>();
        if (batcher.Sending is { } sending && FailureFinding.Of(sending, $"What {service} publishes cannot be sent", now) is { } failing)
            findings.Add(failing);
        if (_progress.Look(batcher.Finished, batcher.Count > 0) is { } since && now - since >= health.StalledAfter)
        {
            findings.Add(new HealthFinding(
                HealthSeverity.Unhealthy,
                string.Create(CultureInfo.InvariantCulture, $"{batcher.Count} messages that {service} publishes wait to be confirmed, and none was since {since:u}: what takes them hangs or is full."))
            {
                Since = since,
            });
        }

        if (units.CheckHealth(health.StalledAfter) is { } forgotten)
            findings.Add(forgotten);
        return new(findings);
    }
}
