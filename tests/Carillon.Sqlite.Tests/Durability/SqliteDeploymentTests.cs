using Carillon.Tests.Deploying;

namespace Carillon.Sqlite.Tests.Durability;

public sealed class SqliteDeploymentTests : DeploymentScenarios, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Versions Open() => new(carillon => carillon.UseSqlite(_folder.ConnectionString));
}
