using Carillon.Testing.Scheduling;
using Carillon.Testing.Worlds;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Testing;

/// <summary>
/// Somebody outside who asks a service for something: a browser, another system, a person. It outlives the processes that it talks to, and
/// tries again when one of them dies.
/// </summary>
public sealed class SimulatedClient
{
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(50);

    private readonly SimulatedWorld _world;
    private readonly string _service;

    internal SimulatedClient(SimulatedWorld world, string service, SeededRandom random) => (_world, _service, Random) = (world, service, random);

    /// <summary>Chance, decided by the seed.</summary>
    public Random Random { get; }

    /// <summary>
    /// Publishes an event through the service until it is confirmed, with one id however often that takes. From then on the simulation holds
    /// the service to it: it must reach every subscription.
    /// </summary>
    /// <typeparam name="TEvent">The event's type.</typeparam>
    public async Task PublishAsync<TEvent>(TEvent message)
        where TEvent : notnull
    {
        var id = NextId();
        await InsistAsync(async services => await services.GetRequiredService<IEventBus>().PublishAsync(message, new PublishOptions { Id = id }));
        Confirm(id);
    }

    /// <summary>Asks a process of the service to do something, once.</summary>
    /// <param name="work">What is done, with the process's services.</param>
    /// <returns>Whether it was done; false when it failed or the process died, and then it may have been done all the same.</returns>
    public async Task<bool> TryAsync(Func<IServiceProvider, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var machine = await FindReadyAsync();
        try
        {
            await machine.RequestAsync(work);
            return true;
        }
        catch (Exception error)
        {
            _world.Trace.Write("client", $"a request to {machine.Name} failed: {error.GetType().Name}: {error.Message}");
            return false;
        }
    }

    /// <summary>Asks processes of the service to do something until one has done it. It may be done several times, so it must bear that.</summary>
    /// <param name="work">What is done, with the process's services.</param>
    public async Task InsistAsync(Func<IServiceProvider, Task> work)
    {
        while (!await TryAsync(work))
            await PauseAsync(TimeSpan.FromMilliseconds(Random.Next(10, 500)));
    }

    /// <summary>Waits, in virtual time.</summary>
    public Task PauseAsync(TimeSpan pause) => _world.WaitAsync(pause);

    /// <summary>An id for a message of the client's own.</summary>
    public EventId NextId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.NextBytes(bytes);
        return new EventId(new Guid(bytes));
    }

    /// <summary>The service has promised that a message is stored; the simulation holds it to that.</summary>
    /// <param name="id">The message's id.</param>
    public void Confirm(EventId id)
    {
        _world.History.Confirm("/services/" + _service, id);
        _world.Trace.Write("client", $"was told that {id} is stored", id);
    }

    private async Task<Machine> FindReadyAsync()
    {
        while (true)
        {
            var ready = _world.Machines.Where(machine => machine.IsReady && machine.Service == _service).ToArray();
            if (ready.Length > 0)
                return ready[Random.Next(ready.Length)];
            await _world.WaitAsync(_patience);
        }
    }
}
