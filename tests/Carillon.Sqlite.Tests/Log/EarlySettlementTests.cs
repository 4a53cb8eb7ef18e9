using Carillon.Relational;
using Carillon.Tests;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>What is handled at most once is handed over only by whoever has written down that it is finished, and still may read its partition.</summary>
public sealed class EarlySettlementTests : IDisposable
{
    private static readonly SubscriptionTopology _subscription = Messages.Subscription("inventory");
    private readonly TemporaryFolder _folder = new();
    private readonly OwnedPartitions _owned = new();
    private readonly Signal _progress = new();
    private Action? _changed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>The writer of cursors may be the one that is told that the partition is another's.</summary>
    [Fact]
    public async Task Run_ShouldNotTakeACursorForWritten_WhenSomebodyElseReadsThePartition()
    {
        await using var host = await StartAsync(partitions: 1);
        var file = await host.File.OpenAsync(Cancellation);
        using var leases = await TakeAsync(file);
        var partition = Assert.Single(_owned.All);
        Read(partition).Acknowledge();
        LoseFirst();

        using var stopping = new CancellationTokenSource();
        var writing = new CursorWriter(file, _owned, leases, _progress).RunAsync(stopping.Token);
        _progress.Raise();
        await Eventually.IsTrueAsync(() => leases.Peek() is { Kind: LeaseChangeKind.Lost });
        stopping.Cancel();
        await writing;

        Assert.Equal(1, partition.Unwritten()?.Cursor);
    }

    [Fact]
    public async Task SettleAsync_ShouldHandNothingOver_WhenPartitionsAreAnothersOrEndMeanwhile()
    {
        await using var host = await StartAsync(partitions: 2);
        var file = await host.File.OpenAsync(Cancellation);
        using var leases = await TakeAsync(file);
        var batch = _owned.All.Select(Read).ToList();
        Assert.Equal(2, batch.Count);
        // One is another's, and while that is learned, the time of the leases is over.
        LoseFirst();
        _changed = () => _owned.Find(1)!.Close();

        await new EarlySettlement(file, "inventory", _owned, leases).SettleAsync(batch, Cancellation);

        Assert.Empty(batch);
    }

    [Fact]
    public async Task SettleAsync_ShouldWriteDownWhatIsToBeHandedOver_WhenPartitionsAreItsOwn()
    {
        await using var host = await StartAsync(partitions: 2);
        var file = await host.File.OpenAsync(Cancellation);
        using var leases = await TakeAsync(file);
        var batch = _owned.All.Select(Read).ToList();

        await new EarlySettlement(file, "inventory", _owned, leases).SettleAsync(batch, Cancellation);

        Assert.Equal(2, batch.Count);
        Assert.Equal("1,1", Database.Text(_folder, "SELECT group_concat(cursor) FROM carillon_leases"));
    }

    private Task<TestHost> StartAsync(int partitions) =>
        TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(_subscription), options => options.Partitions = partitions);

    private void LoseFirst() => Database.Execute(_folder, "UPDATE carillon_leases SET owner = 'two', fence = fence + 1 WHERE partition = 0");

    private async Task<LeaseKeeper> TakeAsync(OpenFile file)
    {
        var leases = new LeaseKeeper(file, new LeaseHolder(1, "one", file.Process), _subscription, new SubscriptionRoster(HandledMessages.Everything), () => _changed?.Invoke());
        await leases.RoundAsync(Cancellation);
        _owned.Add(leases.Peek()!.Leases.Select(static lease => lease with { IsFromTheDead = true }));
        leases.Done();
        return leases;
    }

    private Delivery Read(OwnedPartition partition)
    {
        var message = new KeyedPosition(1, "k", 0);
        Assert.True(partition.Progress.Take(message, DeliveryRoom.Unlimited, out _));
        partition.Progress.Pass(1);
        return new LogDelivery(new Settlements(_progress, new Signal())).Fill(partition, message, 0, new Envelope { Id = EventId.Parse($"id-{partition.Partition}"), Key = "k" });
    }
}
