using Carillon.Publishing;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>What the bus of a running service hands its messages to: from its start to its stop, publishing and scheduling work.</summary>
internal sealed class PublisherPart(
    string service, PublishBatcher batcher, Func<ITransportSender> sender, ServiceSchedule schedule, Func<ISchedule> createSchedule, ILogger logger) : IServicePart
{
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

    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) => new(HealthReports.None);
}
