using Carillon.Conformance;
using Carillon.Parking;
using Carillon.Relational;

namespace Carillon.Sqlite.Tests;

public sealed class SqliteParkingStoreConformance : ParkingStoreConformance
{
    private readonly TemporaryFolder _folder = new();
    private SqliteFiles? _files;

    protected override bool IsDurable => true;

    protected override ValueTask<IParkingStore> OpenStoreAsync(TimeProvider time)
    {
        _files ??= new SqliteFiles(time);
        return new ValueTask<IParkingStore>(new RelationalParkingStore(_files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions())));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_files is not null)
            await _files.DisposeAsync();
        _folder.Dispose();
    }
}
