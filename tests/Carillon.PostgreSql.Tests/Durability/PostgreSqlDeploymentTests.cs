using Carillon.Tests;
using Carillon.Tests.Deploying;

namespace Carillon.PostgreSql.Tests.Durability;

public sealed class PostgreSqlDeploymentTests : DeploymentScenarios, IAsyncLifetime
{
    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_database is { } database)
            await database.DisposeAsync();
    }

    private protected override Versions Open() => new(carillon => carillon.UsePostgreSql(_database!.ConnectionString));
}
