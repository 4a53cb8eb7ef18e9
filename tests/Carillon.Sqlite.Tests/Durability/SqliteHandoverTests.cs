using Carillon.Tests.Deploying;

namespace Carillon.Sqlite.Tests.Durability;

public sealed class SqliteHandoverTests : HandoverScenarios, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Versions Open() =>
        new(carillon => carillon.UseSqlite(_folder.ConnectionString, options => (options.LeaseTime, options.BusyTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2))));
}
