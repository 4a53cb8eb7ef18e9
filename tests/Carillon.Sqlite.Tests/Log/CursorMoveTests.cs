using Carillon.Relational;
namespace Carillon.Sqlite.Tests;

public sealed class CursorMoveTests : IDisposable
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Move_ShouldHaveNoEffect_WhenAnotherInstanceTookThePartition()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")), options => options.Partitions = 1);
        var file = await host.File.OpenAsync(Cancellation);
        var (one, two) = (new LeaseHolder(1, "one", file.Process), new LeaseHolder(1, "two", file.Process));
        var lease = Assert.Single((await RoundAsync(file, one)).Gained);
        Database.Execute(_folder, "UPDATE carillon_instances SET gone = 0");

        var taken = Assert.Single((await RoundAsync(file, two)).Gained);

        Assert.Equal(lease.Fence + 1, taken.Fence);
        Assert.Single(await file.Writes.WriteAsync(new CursorMove(one, [lease with { Cursor = 5 }]), Cancellation));
        Assert.Equal(0, Database.Number(_folder, "SELECT cursor FROM carillon_leases"));
        await file.Writes.WriteAsync(new LeaseRelease(one, [lease with { Cursor = 5 }]), Cancellation);
        Assert.Equal("two 0", Database.Text(_folder, "SELECT owner || ' ' || cursor FROM carillon_leases"));
        Assert.Empty(await file.Writes.WriteAsync(new CursorMove(two, [taken with { Cursor = 7 }]), Cancellation));
        Assert.Equal(7, Database.Number(_folder, "SELECT cursor FROM carillon_leases"));
    }

    [Fact]
    public async Task Move_ShouldHaveNoEffect_WhenTheInstanceLostThePartitionAndHasItAgain()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")), options => options.Partitions = 1);
        var file = await host.File.OpenAsync(Cancellation);
        var holder = new LeaseHolder(1, "one", file.Process);
        var before = Assert.Single((await RoundAsync(file, holder)).Gained);
        // The instance forgot that it has the lease, as after an answer that never arrived.
        var after = Assert.Single((await RoundAsync(file, holder)).Gained);

        Assert.Equal(before.Fence + 1, after.Fence);
        Assert.Single(await file.Writes.WriteAsync(new CursorMove(holder, [before with { Cursor = 5 }]), Cancellation));
        Assert.Equal(0, Database.Number(_folder, "SELECT cursor FROM carillon_leases"));
    }

    [Fact]
    public async Task Round_ShouldTellWhatIsLostAndTooMuch_WhenOthersCome()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        var file = await host.File.OpenAsync(Cancellation);
        var (one, two) = (new LeaseHolder(1, "one", file.Process), new LeaseHolder(1, "two", file.Process));
        var held = (await RoundAsync(file, one)).Gained.ToDictionary(lease => lease.Partition, lease => lease.Fence);
        Assert.Equal(16, held.Count);

        Assert.Empty((await RoundAsync(file, two)).Gained);
        Assert.Equal(8, (await RoundAsync(file, one, held)).ToRevoke.Count);
        Database.Execute(_folder, "UPDATE carillon_leases SET owner = 'two', fence = fence + 1 WHERE partition = 3");
        Assert.Equal(3, Assert.Single((await RoundAsync(file, one, held)).Lost).Partition);
    }

    private static Task<LeaseRoundResult> RoundAsync(OpenFile file, LeaseHolder holder, Dictionary<int, long>? held = null) =>
        file.Writes.WriteAsync(new LeaseRound(holder, held ?? [], LeaseTime, new InstanceWatch(TimeProvider.System, LeaseTime)), Cancellation);
}
