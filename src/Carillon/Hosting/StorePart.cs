namespace Carillon.Hosting;

/// <summary>The parts of the store of a running service, which belong to the host's container: what they say of themselves.</summary>
internal sealed class StorePart(string service, IReadOnlyList<object> parts) : IServicePart
{
    public string Name => $"the store of {service}";

    public ServiceStage Stage => ServiceStage.Connecting;

    public ValueTask StartAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask StopAsync(CancellationToken deadline) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) => HealthReports.AskAsync(parts, cancellation);
}
