using Carillon.Relational;
using Microsoft.Data.Sqlite;
namespace Carillon.Sqlite.Tests;

public sealed class FileWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAsync_ShouldFailAlone_WhenOneOfAGroupFails()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        var file = await host.File.OpenAsync(TestContext.Current.CancellationToken);
        using var connection = host.File.OpenConnection();
        using var create = connection.CreateCommand();
        create.CommandText = "CREATE TABLE numbers (number INTEGER PRIMARY KEY)";
        create.ExecuteNonQuery();

        var writes = Enumerable.Range(0, 50).Select(i => file.Writes.WriteAsync(new Insertion(i % 25), TestContext.Current.CancellationToken)).ToList();
        var failed = 0;
        foreach (var write in writes)
        {
            try
            {
                await write;
            }
            catch (CarillonException)
            {
                failed++;
            }
        }

        Assert.Equal(25, failed);
        Assert.Equal(25, Database.Number(_folder, "SELECT count(*) FROM numbers"));
    }

    [Fact]
    public async Task WriteAsync_ShouldFailWithAReasonAndGoOn_WhenTheLockIsHeldTooLong()
    {
        await using var host = await TestHost.StartAsync(
            _folder.ConnectionString, Messages.Topology(), options => options.BusyTimeout = TimeSpan.FromMilliseconds(50));
        await using var sender = await host.OpenSenderAsync();
        using (var connection = host.File.OpenConnection())
        using (connection.BeginTransaction())
        {
            var failure = await Assert.ThrowsAsync<PublishFailedException>(() => sender.SendAsync(Messages.Event("1")));
            Assert.Contains("write lock", failure.Message, StringComparison.Ordinal);
            Assert.False(failure.IsOutcomeUnknown);
        }

        Assert.Empty(await sender.SendAsync(Messages.Event("2")));
        Assert.Equal(1, Database.Number(_folder, "SELECT count(*) FROM carillon_messages"));
    }

    /// <summary>A process that stands still in the middle of a write does not keep others from starting, if it goes on before long.</summary>
    [Fact]
    public async Task StartAsync_ShouldWait_WhenTheWriteLockIsHeldForLongerThanAWriteWaits()
    {
        await (await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology())).DisposeAsync();
        using var connection = new SqliteConnection(_folder.ConnectionString);
        connection.Open();
        var transaction = connection.BeginTransaction();

        var starting = StartAsync(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<CarillonConfigurationException>(() => StartAsync(TimeSpan.FromMilliseconds(100)));
        Assert.False(starting.IsCompleted);
        transaction.Dispose();
        await using var host = await starting;

        Task<TestHost> StartAsync(TimeSpan patience) => TestHost.StartAsync(
            _folder.ConnectionString, Messages.Topology(), options => (options.BusyTimeout, options.StartupPatience) = (TimeSpan.FromMilliseconds(50), patience));
    }

    [Fact]
    public async Task WriteAsync_ShouldTakeTheOperationBack_WhenCancelledBeforeItBegins()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        await using var sender = await host.OpenSenderAsync();
        await using var second = await host.OpenSenderAsync();
        using var cancellation = new CancellationTokenSource();
        Task first, withdrawn;
        using (var connection = host.File.OpenConnection())
        using (connection.BeginTransaction())
        {
            first = sender.SendAsync(new[] { Messages.Event("1") }, CancellationToken.None).AsTask();
            var file = await host.File.OpenAsync(CancellationToken.None);
            await Carillon.Tests.Eventually.IsTrueAsync(() => file.Writes.IsEmpty, what: "the writer has taken the first message");
            withdrawn = second.SendAsync(new[] { Messages.Event("2") }, cancellation.Token).AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn);
        }

        await first;
        Assert.Equal("1", Database.Text(_folder, "SELECT group_concat(id) FROM carillon_messages"));
    }

    private sealed class Insertion(int number) : WriteOperation<bool>
    {
        public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation) =>
            await session.Prepare("INSERT INTO numbers (number) VALUES (@number)").Set("number", number).ExecuteAsync(cancellation) > 0;
    }
}
