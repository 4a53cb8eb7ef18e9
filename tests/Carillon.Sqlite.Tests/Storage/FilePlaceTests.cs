namespace Carillon.Sqlite.Tests;

public sealed class FilePlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SendAsync_ShouldRefuse_WhenTheFileIsDeleted()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        await using var sender = await host.OpenSenderAsync();
        await sender.SendAsync(Messages.Event("1"));

        File.Delete(_folder.Database);

        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<PublishFailedException>(() => sender.SendAsync(Messages.Event("2")));
            Assert.Equal(ErrorCodes.UnsafeStorage, failure.Code);
            Assert.Contains("deleted, moved or replaced", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(ErrorCodes.UnsafeStorage, Assert.Throws<CarillonException>(host.File.OpenConnection).Code);
        var finding = Assert.Single(await host.Transport.CheckHealthAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HealthSeverity.Unhealthy, finding.Severity);
        Assert.Contains(_folder.Database, finding.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Database));
    }

    [Fact]
    public async Task SendAsync_ShouldRefuse_WhenTheLogBesideTheFileIsDeleted()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        await using var sender = await host.OpenSenderAsync();
        await sender.SendAsync(Messages.Event("1"));
        Assert.Empty(await host.Transport.CheckHealthAsync(TestContext.Current.CancellationToken));

        File.Delete(_folder.Database + "-wal");

        var failure = await Assert.ThrowsAsync<PublishFailedException>(() => sender.SendAsync(Messages.Event("2")));
        Assert.Equal(ErrorCodes.UnsafeStorage, failure.Code);
    }

    [Fact]
    public async Task SendAsync_ShouldGoOn_WhenTheFileComesBack()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        await using var sender = await host.OpenSenderAsync();
        File.Move(_folder.Database, _folder.Database + ".away");
        await Assert.ThrowsAsync<PublishFailedException>(() => sender.SendAsync(Messages.Event("1")));

        File.Move(_folder.Database + ".away", _folder.Database);

        Assert.Empty(await sender.SendAsync(Messages.Event("2")));
    }

    [Fact]
    public async Task SendAsync_ShouldRefuse_WhenAnotherFileTakesThePlace()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        await using var sender = await host.OpenSenderAsync();
        var other = Path.Combine(_folder.Path, "other.db");
        await (await TestHost.StartAsync($"Data Source={other}", Messages.Topology())).DisposeAsync();

        File.Move(other, _folder.Database, overwrite: true);

        var failure = await Assert.ThrowsAsync<PublishFailedException>(() => sender.SendAsync(Messages.Event("1")));
        Assert.Equal(ErrorCodes.UnsafeStorage, failure.Code);
    }

    [Theory]
    [InlineData("Data Source=:memory:", ErrorCodes.UnsafeStorage)]
    [InlineData("Data Source=shop.db;Mode=Memory", ErrorCodes.UnsafeStorage)]
    [InlineData("Data Source=shop.db;Mode=ReadOnly", ErrorCodes.InvalidConfiguration)]
    [InlineData("Data Source=file:shop.db", ErrorCodes.InvalidConfiguration)]
    [InlineData("", ErrorCodes.InvalidConfiguration)]
    [InlineData("Date Source=shop.db", ErrorCodes.InvalidConfiguration)]
    [InlineData("Data Source=/nowhere/at/all/shop.db", ErrorCodes.InvalidConfiguration)]
    public async Task Start_ShouldRefuse_WhenTheConnectionStringNamesNoSafeFile(string connectionString, string code)
    {
        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestHost.StartAsync(connectionString, Messages.Topology()));
        Assert.Equal(code, failure.Code);
    }

    [Fact]
    public async Task Start_ShouldRefuse_WhenTheFileIsNoDatabase()
    {
        await File.WriteAllTextAsync(_folder.Database, new string('x', 10_000), TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestHost.StartAsync(_folder.ConnectionString, Messages.Topology()));

        Assert.Equal(ErrorCodes.UnsafeStorage, failure.Code);
    }

    [Theory]
    [InlineData("/data/shop", "ext4")]
    [InlineData("/data/remote", "nfs4")]
    [InlineData("/data/remote/deep/er", "nfs4")]
    [InlineData("/data/with space/x", "cifs")]
    [InlineData("/data/remoteness", "ext4")]
    public void FileSystemOf_ShouldTakeTheLongestMountPoint_WhenMountsAreNested(string path, string expected)
    {
        string[] mounts =
        [
            "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
            "40 22 0:50 / /data/remote rw,relatime shared:9 master:3 - nfs4 server:/export rw",
            "41 22 0:51 / /data/with\\040space rw - cifs //server/share rw",
        ];
        Assert.Equal(expected, MountTable.FileSystemOf(path, mounts));
    }

    [Fact]
    public void Check_ShouldRefuse_WhenTheFileSystemIsRemote()
    {
        var failure = Assert.Throws<CarillonConfigurationException>(() => StorageSafety.Check("/data/shop.db", "nfs4"));
        Assert.Equal(ErrorCodes.UnsafeStorage, failure.Code);
        Assert.Contains("nfs4", failure.Message, StringComparison.Ordinal);
    }
}
