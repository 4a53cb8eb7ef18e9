using System.Data.Common;
using Carillon.Conformance;
using Carillon.Durability;
using Carillon.Relational;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests;

public sealed class SqliteUnitOfWorkStoreConformance : UnitOfWorkStoreConformance
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFiles _files = new();

    private SqliteFile File => _files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions());

    protected override ValueTask<IUnitOfWorkStore> OpenStoreAsync() => new(new SqliteUnitOfWorkStore(File, Log.Messages));

    protected override ValueTask<ISchedule> OpenScheduleAsync() => new(new RelationalSchedule(File, Log.Messages));

    protected override ValueTask<DbConnection> OpenConnectionAsync() => new(File.OpenConnection());

    protected override async ValueTask<DbConnection> OpenConnectionElsewhereAsync()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    protected override async ValueTask<IReadOnlyList<Envelope>> ReadLogAsync() =>
        [.. (await new RelationalMessageLog(File).ReadAsync(new LogQuery { Limit = 1000 }, TestContext.Current.CancellationToken)).Select(message => message.Envelope)];

    /// <summary>A service that runs has opened its file: nobody can do that while a transaction is open on it.</summary>
    public override async ValueTask InitializeAsync()
    {
        await File.OpenAsync(TestContext.Current.CancellationToken);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _files.DisposeAsync();
        _folder.Dispose();
    }
}
