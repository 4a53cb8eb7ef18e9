namespace Carillon.Sqlite.Tests;

public sealed class SchemaMigrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_ShouldRefuse_WhenTheSchemaIsNewer()
    {
        await (await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology())).DisposeAsync();
        Database.Execute(_folder, "INSERT INTO carillon_schema (version, applied) VALUES (99, 0)");

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestHost.StartAsync(_folder.ConnectionString, Messages.Topology()));

        Assert.Equal(ErrorCodes.SchemaTooNew, failure.Code);
        Assert.Contains("99", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ShouldApplyEachScriptOnce_WhenManyHostsStartAtOnce()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => TestHost.StartAsync(
            _folder.ConnectionString, Messages.Topology(Messages.Subscription($"service-{i}")))));
        foreach (var host in hosts)
            await host.DisposeAsync();

        Assert.Equal(SqliteSchema.Scripts.Newest, Database.Number(_folder, "SELECT count(*) FROM carillon_schema"));
        Assert.Equal(8 * 16, Database.Number(_folder, "SELECT count(*) FROM carillon_leases"));
        Assert.Equal(0, Database.Number(_folder, "SELECT count(*) FROM carillon_processes"));
    }

    [Fact]
    public async Task Partitions_ShouldStayAsCreated_WhenConfiguredDifferently()
    {
        await (await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(), options => options.Partitions = 3)).DisposeAsync();
        await using var host = await TestHost.StartAsync(
            _folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")), options => options.Partitions = 16);
        Assert.Equal(3, Database.Number(_folder, "SELECT count(*) FROM carillon_leases"));
        Assert.Equal(3, (await host.File.OpenAsync(TestContext.Current.CancellationToken)).Partitions);
    }
}
