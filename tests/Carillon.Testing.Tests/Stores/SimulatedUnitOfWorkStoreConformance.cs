using System.Data.Common;
using Carillon.Conformance;
using Carillon.Durability;
using Carillon.Scheduling;

namespace Carillon.Testing.Tests.Stores;

public sealed class SimulatedUnitOfWorkStoreConformance : UnitOfWorkStoreConformance
{
    private readonly SqlFile _file = new();
    private readonly SqlFile _elsewhere = new();
    private readonly StoreFixture _store;

    public SimulatedUnitOfWorkStoreConformance() => _store = new StoreFixture(TimeProvider.System, sql: _file.Create);

    protected override bool SeesStatements => false;

    protected override ValueTask<IUnitOfWorkStore> OpenStoreAsync() => new(_store.OpenStore());

    protected override ValueTask<ISchedule> OpenScheduleAsync() => new(_store.OpenSchedule());

    protected override ValueTask<DbConnection> OpenConnectionAsync() => new(_store.OpenConnection());

    protected override ValueTask<DbConnection> OpenConnectionElsewhereAsync() =>
        new(new StoreFixture(TimeProvider.System, sql: _elsewhere.Create).OpenConnection());

    protected override ValueTask<IReadOnlyList<Envelope>> ReadLogAsync() => new(_store.Messages);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _file.Dispose();
        _elsewhere.Dispose();
    }
}
