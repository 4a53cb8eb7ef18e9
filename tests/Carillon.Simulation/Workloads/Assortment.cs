using Microsoft.Extensions.Hosting;

namespace Carillon.Simulations.Workloads;

/// <summary>
/// Which kinds of orders clients may place. Nobody orders what only some versions handle before one that handles it has been there once: until then no
/// subscription has asked for it.
/// </summary>
internal sealed class Assortment
{
    /// <summary>Whether orders with a note may be placed.</summary>
    public bool HasNotes { get; set; }

    /// <summary>Whether gifts may be ordered.</summary>
    public bool HasGifts { get; set; }

    /// <summary>Says that a process has started.</summary>
    internal sealed class Opening(Action open) : IHostedLifecycleService
    {
        public Task StartedAsync(CancellationToken cancellationToken)
        {
            open();
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
