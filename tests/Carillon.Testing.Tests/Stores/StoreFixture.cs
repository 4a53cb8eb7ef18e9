using System.Data.Common;
using Carillon.Testing.Logs;
using Carillon.Testing.Network;
using Carillon.Testing.Stores;
using Carillon.Transports;

namespace Carillon.Testing.Tests.Stores;

/// <summary>A simulated database with a way to it that loses nothing.</summary>
internal sealed class StoreFixture
{
    private readonly DirectLink _link;

    public StoreFixture(TimeProvider time, bool isOutbox = true, Func<DbConnection>? sql = null)
    {
        _link = new DirectLink(time, new Random(1));
        Log = new SimulatedLog(time);
        Log.Declare(new Topology("all", [new SubscriptionTopology { Name = "all", Service = "all", Topics = [TopicPattern.Parse(">")] }]));
        Database = new SimulatedDatabase(new CommittedLog(Log, isChecked: !isOutbox), time, sql);
    }

    public SimulatedLog Log { get; }

    public SimulatedDatabase Database { get; }

    public IReadOnlyList<Envelope> Messages => [.. Log.Messages.Select(message => message.Envelope)];

    public SimulatedUnitOfWorkStore OpenStore() => new(_link, Database);

    public SimulatedSchedule OpenSchedule() => new(_link, Database);

    public SimulatedParkingStore OpenParking() => new(_link, Database);

    public DbConnection OpenConnection() => new SimulatedConnections(_link, Database).Open();
}
