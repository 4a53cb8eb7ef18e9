using Carillon.Simulations.Messages;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Simulations.Workloads;

/// <summary>Somebody who places orders, one after the other, in every way in which one can publish.</summary>
internal sealed class Shopper(int number, int orders, Effects effects)
{
    private readonly int _keys = 1 + (orders % 3);

    /// <summary>Places the orders.</summary>
    public async Task PlaceAsync(SimulatedClient client)
    {
        var next = 1;
        while (next <= orders)
        {
            var together = client.Random.Next(2) == 0 ? 0 : Math.Min(1 + client.Random.Next(3), orders - next + 1);
            var placed = Enumerable.Range(next, Math.Max(1, together))
                .Select(order => (Id: client.NextId(), Order: new OrderPlaced($"{number}-{order % _keys}", order, NextFailures(client), NextDuration(client)))).ToArray();
            await client.InsistAsync(services => together == 0 ? PublishAloneAsync(services, placed[0].Order, placed[0].Id) : PublishTogetherAsync(services, placed));
            foreach (var (id, order) in placed)
            {
                client.Confirm(id);
                effects.Expect(order.OrderId, order.Number);
            }

            next += placed.Length;
            if (client.Random.Next(4) == 0)
                await client.PauseAsync(TimeSpan.FromMilliseconds(client.Random.Next(2_000)));
        }
    }

    private static async Task PublishAloneAsync(IServiceProvider services, OrderPlaced order, EventId id) =>
        await services.GetRequiredService<IEventBus>().PublishAsync(order, new PublishOptions { Id = id });

    private static async Task PublishTogetherAsync(IServiceProvider services, (EventId Id, OrderPlaced Order)[] placed)
    {
        var bus = services.GetRequiredService<IEventBus>();
        await using var work = await bus.BeginAsync();
        foreach (var (id, order) in placed)
            await bus.PublishAsync(order, new PublishOptions { Id = id });
        await work.CommitAsync();
    }

    // Most orders are handled at once; some need several attempts, and a few become dead letters first.
    private static int NextFailures(SimulatedClient client) => client.Random.Next(10) switch
    {
        0 => 1 + client.Random.Next(4),
        1 => 12,
        _ => 0,
    };

    // Most handlers are quick; some run for longer than a partition's handover, and nearly as long as a lease.
    private static int NextDuration(SimulatedClient client) => client.Random.Next(6) switch
    {
        0 => client.Random.Next(8_000),
        1 or 2 => client.Random.Next(200),
        _ => 0,
    };
}
