namespace Carillon.Benchmarks;

/// <summary>Carillon with publishers that each wait for their event to be confirmed: how much it carries.</summary>
public sealed class ClosedLoop(string group, string? folder, int subscriptions, int publishers)
    : Workload(group, $"Carillon, {publishers} publishers")
{
    public override async Task<RunResult> RunAsync(TimeSpan duration)
    {
        await using var host = await CarillonHost.StartAsync(folder, subscriptions);
        Arrivals.Recorder = new();
        return await Publishers.RunAsync(publishers, duration, order => host.Bus.PublishAsync(order), Arrivals.Recorder, subscriptions);
    }
}
