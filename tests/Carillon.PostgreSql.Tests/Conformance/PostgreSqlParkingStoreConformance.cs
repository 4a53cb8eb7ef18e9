using Carillon.Conformance;
using Carillon.Parking;
using Carillon.Relational;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

public class PostgreSqlParkingStoreConformance : ParkingStoreConformance
{
    private PostgreSqlDatabases? _databases;
    private TestDatabase _database = null!;

    protected override bool IsDurable => true;

    protected override bool KeepsGivenTime => false;

    /// <summary>How services connect.</summary>
    private protected virtual string ConnectionString => _database.ConnectionString;

    public override async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    protected override ValueTask<IParkingStore> OpenStoreAsync(TimeProvider time)
    {
        _databases ??= new PostgreSqlDatabases(time);
        return new ValueTask<IParkingStore>(new RelationalParkingStore(_databases.Start(ConnectionString, new PostgreSqlOptions())));
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_databases is not null)
            await _databases.DisposeAsync();
        await _database.DisposeAsync();
    }
}
