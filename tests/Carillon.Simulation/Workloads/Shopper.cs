using Carillon.Simulations.Messages;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Simulations.Workloads;

/// <summary>Somebody who places orders, one after the other, in every way in which one can publish.</summary>
/// <param name="orderIds">The orders that change by turns.</param>
/// <param name="changes">How often they change.</param>
/// <param name="effects">Where it is noted.</param>
/// <param name="assortment">What there is to order.</param>
/// <param name="ignores">Whether what not every version handles may be ignored when none lives that does.</param>
/// <param name="mostTogether">The most changes that are published together.</param>
internal sealed class Shopper(IReadOnlyList<string> orderIds, int changes, Effects effects, Assortment assortment, bool ignores, int mostTogether = 3)
{
    /// <summary>Places the orders.</summary>
    public async Task PlaceAsync(SimulatedClient client)
    {
        var next = 1;
        while (next <= changes)
        {
            var (way, left) = (client.Random.Next(5), changes - next + 1);
            var together = way > 2 ? Math.Min(1 + client.Random.Next(mostTogether), left) : 1;
            var placed = Enumerable.Range(next, together).Select(order => new Placing(client.NextId(), NextOrder(client, orderIds[order % orderIds.Count], order), NextKind(client))).ToArray();
            await PlaceAsync(client, way, placed);
            next += together;
            if (client.Random.Next(4) == 0)
                await client.PauseAsync(TimeSpan.FromMilliseconds(client.Random.Next(client.Random.Next(4) == 0 ? 30_000 : 2_000)));
        }

        if (client.Random.Next(4) == 0)
            await ChangeMindAsync(client, NextOrder(client, $"{orderIds[0]}-never", changes + 1));
    }

    private async Task PlaceAsync(SimulatedClient client, int way, Placing[] placed)
    {
        var first = placed[0];
        await client.InsistAsync(services => way switch
        {
            0 or 1 => PublishAloneAsync(services, first),
            2 => PublishImpatientlyAsync(services, first),
            _ => PublishTogetherAsync(services, placed),
        });
        foreach (var (id, confirmed, kind) in placed)
        {
            client.Confirm(id);
            if (kind == 0 || !ignores)
                effects.Place(confirmed.OrderId, confirmed.Number);
        }
    }

    private static async Task PublishAloneAsync(IServiceProvider services, Placing placing) =>
        await placing.PublishAsync(services.GetRequiredService<IEventBus>(), CancellationToken.None);

    /// <summary>Gives up after a moment, whatever has become of the message by then.</summary>
    private static async Task PublishImpatientlyAsync(IServiceProvider services, Placing placing)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(placing.Order.Number * 20), services.GetRequiredService<TimeProvider>());
        await placing.PublishAsync(services.GetRequiredService<IEventBus>(), patience.Token);
    }

    private static async Task PublishTogetherAsync(IServiceProvider services, Placing[] placed)
    {
        var bus = services.GetRequiredService<IEventBus>();
        await using var work = await bus.BeginAsync();
        foreach (var placing in placed)
            await placing.PublishAsync(bus, CancellationToken.None);
        await work.CommitAsync();
    }

    /// <summary>Schedules an order and takes it back. When the answer is that this was in time, nobody may ever see it.</summary>
    private async Task ChangeMindAsync(SimulatedClient client, OrderPlaced order)
    {
        var id = client.NextId();
        var pause = TimeSpan.FromMilliseconds(client.Random.Next(3_000));
        var isScheduled = await client.TryAsync(async services => await services.GetRequiredService<IEventBus>().ScheduleAsync(
            order, services.GetRequiredService<TimeProvider>().GetUtcNow() + pause, new PublishOptions { Id = id }));
        await client.PauseAsync(TimeSpan.FromMilliseconds(client.Random.Next(3_000)));
        await client.TryAsync(async services =>
        {
            // Only what was scheduled once can be taken back wholly.
            if (await services.GetRequiredService<IEventBus>().CancelScheduledAsync(id) && isScheduled)
                effects.Cancel(order.OrderId, order.Number);
        });
    }

    private static OrderPlaced NextOrder(SimulatedClient client, string order, int number) => new(order, number, NextFailures(client), NextDuration(client));

    private int NextKind(SimulatedClient client) => client.Random.Next(3) switch
    {
        1 when assortment.HasNotes => 1,
        2 when assortment.HasGifts => 2,
        _ => 0,
    };

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
