using System.Data.Common;
using Carillon.Conformance;
using Carillon.Durability;
using Carillon.Relational;
using Carillon.Scheduling;
using Carillon.Tests;
using Carillon.Transports;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

public class PostgreSqlUnitOfWorkStoreConformance : UnitOfWorkStoreConformance
{
    private readonly PostgreSqlDatabases _databases = new();
    private TestDatabase _database = null!;
    private TestDatabase? _elsewhere;

    private PostgreSqlDatabase Source => _databases.Start(ConnectionString, new PostgreSqlOptions());

    protected override ValueTask<IUnitOfWorkStore> OpenStoreAsync() => new(new PostgreSqlUnitOfWorkStore(Source, Log.Messages));

    protected override ValueTask<ISchedule> OpenScheduleAsync() => new(new RelationalSchedule(Source, Log.Messages));

    protected override async ValueTask<DbConnection> OpenConnectionAsync() => await Source.OpenConnectionAsync(TestContext.Current.CancellationToken);

    protected override async ValueTask<DbConnection> OpenConnectionElsewhereAsync()
    {
        _elsewhere ??= await TestDatabase.CreateAsync();
        var connection = new NpgsqlConnection(_elsewhere.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    protected override async ValueTask<IReadOnlyList<Envelope>> ReadLogAsync() =>
        [.. (await new RelationalMessageLog(Source).ReadAsync(new LogQuery { Limit = 1000 }, TestContext.Current.CancellationToken)).Select(message => message.Envelope)];

    /// <summary>How services connect.</summary>
    private protected virtual string ConnectionString => _database.ConnectionString;

    public override async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _databases.DisposeAsync();
        await _database.DisposeAsync();
        if (_elsewhere is not null)
            await _elsewhere.DisposeAsync();
    }
}
