using Carillon.Simulations.Messages;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Simulations.Workloads;

/// <summary>Somebody who places orders, one after the other, in every way in which one can publish.</summary>
internal sealed class Shopper(int number, int orders)
{
    private readonly int _keys = 1 + (orders % 3);

    /// <summary>Places the orders.</summary>
    public async Task PlaceAsync(SimulatedClient client)
    {
        for (var order = 1; order <= orders; order++)
        {
            await PlaceAsync(client, new OrderPlaced($"{number}-{order % _keys}", order, NextFailures(client)));
            if (client.Random.Next(4) == 0)
                await client.PauseAsync(TimeSpan.FromMilliseconds(client.Random.Next(2_000)));
        }
    }

    private static async Task PlaceAsync(SimulatedClient client, OrderPlaced order)
    {
        var id = client.NextId();
        if (client.Random.Next(2) == 0)
            await client.InsistAsync(services => PublishAloneAsync(services, order, id));
        else
            await client.InsistAsync(services => PublishTogetherAsync(services, order, id));
        client.Confirm(id);
    }

    private static async Task PublishAloneAsync(IServiceProvider services, OrderPlaced order, EventId id) =>
        await services.GetRequiredService<IEventBus>().PublishAsync(order, new PublishOptions { Id = id });

    private static async Task PublishTogetherAsync(IServiceProvider services, OrderPlaced order, EventId id)
    {
        var bus = services.GetRequiredService<IEventBus>();
        await using var work = await bus.BeginAsync();
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
}
