using Carillon.Durability;
using Carillon.Relational;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Sqlite.Tests;

/// <summary>Forgetting millions of handled messages does not keep anybody from writing.</summary>
public sealed class InboxRetentionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Retention_ShouldLetClaimsThrough_WhenTheInboxIsLarge()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        ManyRows.InsertHandled(_folder);
        var file = await host.File.OpenAsync(Cancellation);
        var store = new SqliteUnitOfWorkStore(host.File, Log.Messages);
        var worker = new RetentionWorker(file, TimeSpan.FromDays(7), limit => new RetentionChunk(TimeSpan.FromDays(7), long.MaxValue, limit), NullLogger.Instance);

        var removing = worker.RunAsync(Cancellation);
        var (claims, slowest) = (0, TimeSpan.Zero);
        for (; !removing.IsCompleted; claims++)
        {
            var began = TimeProvider.System.GetTimestamp();
            await using (var transaction = await store.BeginAsync(Cancellation))
            {
                var claim = await transaction.ClaimAsync("inventory", Messages.Event($"new-{claims}"), Cancellation);
                Assert.Equal(InboxClaim.First, claim);
                await transaction.CommitAsync(Cancellation);
            }

            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, TimeProvider.System.GetElapsedTime(began).Ticks));
        }

        await removing;
        Assert.Equal(ManyRows.Count / 2, Database.Number(_folder, "SELECT count(*) FROM carillon_inbox WHERE body_hash = x'00'"));
        Assert.True(claims > 20, "Too few claims ran beside the retention for this to show anything.");
        TestContext.Current.SendDiagnosticMessage($"{ManyRows.Count} rows, {claims} claims beside the retention, the slowest took {slowest.TotalMilliseconds:F0} ms");
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
