using System.Collections.Concurrent;

namespace Carillon.Tests.Hosting;

/// <summary>A part of a service that writes down when it is started and stopped.</summary>
internal sealed class TestPart(string name, ConcurrentQueue<string> steps) : IServicePart
{
    private readonly TaskCompletionSource _starting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public ServiceStage Stage { get; init; } = ServiceStage.Working;

    public Func<CancellationToken, ValueTask> Starting { get; init; } = _ => ValueTask.CompletedTask;

    public Func<CancellationToken, ValueTask> Stopping { get; init; } = _ => ValueTask.CompletedTask;

    public IReadOnlyList<HealthFinding> Findings { get; set; } = [];

    public Task IsStarting => _starting.Task;

    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        _starting.TrySetResult();
        await Starting(cancellation);
        steps.Enqueue("+" + name);
    }

    public ValueTask StopAsync(CancellationToken deadline)
    {
        steps.Enqueue("-" + name);
        return Stopping(deadline);
    }

    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) => new(Findings);
}
