using Carillon.Testing.Transports;
using Carillon.Transports;

namespace Carillon.Testing.Tests.Worlds;

/// <summary>One process with a receiver.</summary>
internal sealed class Instance
{
    private readonly SimulatedReceiver _receiver;

    private Instance(HostileLink link, LaneSink sink, SimulatedReceiver receiver) => (Link, Sink, _receiver) = (link, sink, receiver);

    public HostileLink Link { get; }

    public LaneSink Sink { get; }

    public SettlementBalance Balance => _receiver.Balance;

    public bool IsGone { get; private set; }

    public static async Task<Instance> StartAsync(World world, int number, int room = 20)
    {
        var link = new HostileLink(world.Clock, new Random(world.Random.Next()), world.Hostility);
        var transport = new SimulatedTransport(link, world.Log, isOutbox: false, new SimulatedTransportOptions());
        await transport.EnsureTopologyAsync(new Topology("orders", [World.Orders]), CancellationToken.None);
        var receiver = (SimulatedReceiver)await transport.OpenReceiverAsync(World.Orders, CancellationToken.None);
        var sink = new LaneSink($"process {number}", world.Ledger, world.Clock, new Random(world.Random.Next()), room);
        await receiver.StartAsync(sink, CancellationToken.None);
        return new Instance(link, sink, receiver);
    }

    /// <summary>Ends the clean way.</summary>
    public async Task StopAsync()
    {
        IsGone = true;
        await _receiver.StopAsync(CancellationToken.None);
        await Sink.EndAsync();
        await _receiver.DisposeAsync();
    }

    /// <summary>Receives no more, while handlers go on.</summary>
    public ValueTask StopReceivingAsync() => _receiver.StopAsync(CancellationToken.None);

    /// <summary>Ends at once.</summary>
    public void Die()
    {
        (IsGone, Link.IsDead) = (true, true);
        Sink.Die();
    }
}
