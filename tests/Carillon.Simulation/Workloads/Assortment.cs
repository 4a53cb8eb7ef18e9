using Microsoft.Extensions.Hosting;

namespace Carillon.Simulations.Workloads;

/// <summary>
/// Which kinds of orders clients may place. Nobody orders what is new before somebody who handles it has been there once: until then no subscription
/// has asked for it.
/// </summary>
internal sealed class Assortment : IHostedLifecycleService
{
    /// <summary>Whether the newer kinds may be ordered.</summary>
    public bool HasNewKinds { get; private set; }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        HasNewKinds = true;
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
