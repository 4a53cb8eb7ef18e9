using System.Globalization;
using Carillon.Simulations.Messages;
using Carillon.Testing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Simulations.Workloads;

/// <summary>Many who place orders at once, each their own.</summary>
/// <param name="effects">Where it is noted.</param>
/// <param name="assortment">What there is to order.</param>
/// <param name="ignores">Whether what not every version handles may be ignored when none lives that does.</param>
internal sealed class Crowd(Effects effects, Assortment assortment, bool ignores)
{
    // So many that some instance sees an outage at enough of them, however they are spread.
    private const int Many = 16;
    private const int Few = 4;

    // As long as a handler of this world takes at most: longer than the handover of a partition waits.
    private const int LongestMilliseconds = 7_900;

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(50);

    /// <summary>Orders that nothing is wrong with.</summary>
    /// <param name="client">Who places them.</param>
    /// <param name="name">What tells them from those of others.</param>
    public Task PlaceManyAsync(SimulatedClient client, string name) => PlaceAsync(
        client, NextOrders(name).Take(Many).Select(order => new Placing(client.NextId(), new OrderPlaced(order, 1, 0, 0), Kind: 0)));

    /// <summary>Orders of one partition that two versions handle, in turn one of each; all are tried again later, and then take their time.</summary>
    public async Task PlaceForBothAsync(SimulatedClient client)
    {
        while (!assortment.HasNotes || !assortment.HasGifts)
            await client.PauseAsync(_look);
        var orders = NextOrders("pair").Where(order => Partitions.Of(order, ShopWorkload.AllPartitions) == 0).Take(Few);
        await PlaceAsync(client, orders.Select((order, number) => new Placing(client.NextId(), new OrderPlaced(order, 1, 3, LongestMilliseconds), Kind: 1 + (number % 2))));
    }

    private async Task PlaceAsync(SimulatedClient client, IEnumerable<Placing> orders)
    {
        foreach (var placing in orders.ToArray())
        {
            await client.InsistAsync(async services => await placing.PublishAsync(services.GetRequiredService<IEventBus>(), CancellationToken.None));
            client.Confirm(placing.Id);
            if (placing.Kind == 0 || !ignores)
                effects.Place(placing.Order.OrderId, placing.Order.Number);
        }
    }

    private static IEnumerable<string> NextOrders(string of) => Enumerable.Range(0, int.MaxValue).Select(number => string.Create(CultureInfo.InvariantCulture, $"{of}-{number}"));
}
