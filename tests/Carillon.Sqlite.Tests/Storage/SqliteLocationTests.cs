using System.Diagnostics;

namespace Carillon.Sqlite.Tests;

/// <summary>However a file is named, everybody means one and the same: its log, its locks and its bell are beside it, once.</summary>
public sealed class SqliteLocationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Link => Path.Combine(_folder.Path, "link.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parse_ShouldFollowALink_WhenTheFileIsOne()
    {
        File.CreateSymbolicLink(Link, "test.db");

        Assert.Equal(Real(_folder.Database), SqliteLocation.Parse($"Data Source={Link}").Path);
        File.WriteAllText(_folder.Database, "");
        Assert.Equal(Real(_folder.Database), SqliteLocation.Parse($"Data Source={Link}").Path);
    }

    [Fact]
    public void Parse_ShouldFollowLinks_WhenFoldersOnTheWayAreSome()
    {
        var real = Directory.CreateDirectory(Path.Combine(_folder.Path, "real", "deep"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "one"), real.Parent!.FullName);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "two"), "one");

        Assert.Equal(Real(Path.Combine(real.FullName, "x.db")), SqliteLocation.Parse($"Data Source={_folder.Path}/two/deep/../deep/x.db").Path);
    }

    [Fact]
    public void Parse_ShouldRefuse_WhenLinksLeadInACircle()
    {
        File.CreateSymbolicLink(Link, "other.db");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "other.db"), "link.db");

        var failure = Assert.Throws<CarillonConfigurationException>(() => SqliteLocation.Parse($"Data Source={Link}"));

        Assert.Equal(ErrorCodes.InvalidConfiguration, failure.Code);
    }

    [Fact]
    public void Parse_ShouldBeginAtTheGivenFolder_WhenThePathIsRelative() =>
        Assert.Equal(Real(_folder.Database), SqliteLocation.Parse("Data Source=test.db", _folder.Path).Path);

    [Fact]
    public void Parse_ShouldRefuse_WhenTheDataDirectoryIsNotSet()
    {
        var failure = Assert.Throws<CarillonConfigurationException>(() => SqliteLocation.Parse("Data Source=|DataDirectory|shop.db"));

        Assert.Equal(ErrorCodes.InvalidConfiguration, failure.Code);
        Assert.Contains("|DataDirectory|", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ShouldRefuse_WhenTheFileHasASecondName()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Hard links are counted on Linux only.");
        await (await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology())).DisposeAsync();
        using (var process = Process.Start("ln", [_folder.Database, Link]))
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        foreach (var name in new[] { _folder.Database, Link })
        {
            var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => TestHost.StartAsync($"Data Source={name}", Messages.Topology()));
            Assert.Equal(ErrorCodes.UnsafeStorage, failure.Code);
            Assert.Contains("hard links", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Processes_ShouldKeepTheirLeases_WhenOneComesThroughALink()
    {
        var subscription = Messages.Subscription("inventory");
        await using var first = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(subscription));
        File.CreateSymbolicLink(Link, _folder.Database);
        await using var second = await TestHost.StartAsync($"Data Source={Link}", Messages.Topology(subscription));
        var (one, two) = (new RecordingSink(), new RecordingSink());
        await first.ReceiveAsync(subscription, one);
        await second.ReceiveAsync(subscription, two);

        await Carillon.Tests.Eventually.IsTrueAsync(() => one.Owned.Count == 8 && two.Owned.Count == 8);
        await using var sender = await second.OpenSenderAsync();
        await sender.SendAsync(Messages.Sequence(200, keys: 50));
        await Carillon.Tests.Eventually.IsTrueAsync(() => one.Count + two.Count == 200);

        Assert.Equal(2, Database.Number(_folder, "SELECT count(*) FROM carillon_processes"));
        Assert.False(Directory.Exists(Link + "-carillon"));
        Assert.Equal(first.File.Path, second.File.Path);
    }

    private static string Real(string path) => RealPath.Of(path);
}
