using System.Globalization;
using Carillon.Durability;
using Carillon.Relational;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.PostgreSql.Tests;

/// <summary>Forgetting millions of handled messages disturbs no claim.</summary>
public sealed class InboxRetentionTests : DatabaseTests
{
    private readonly PostgreSqlDatabases _databases = new();

    public override async ValueTask DisposeAsync()
    {
        await _databases.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Retention_ShouldNeitherDeadlockNorDelayClaims_WhenTheInboxIsLarge()
    {
        var source = _databases.Start(Database.ConnectionString, new PostgreSqlOptions());
        var database = await source.OpenAsync(Cancellation);
        await ManyRows.InsertHandledAsync(Database);
        var store = new PostgreSqlUnitOfWorkStore(source, Log.Messages);
        var worker = new RetentionWorker(database, TimeSpan.FromDays(7), limit => new RetentionChunk(TimeSpan.FromDays(7), 16, limit), NullLogger.Instance);

        var removing = worker.RunAsync(Cancellation);
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(claimer => ClaimAsync(store, claimer, removing)));
        await removing;

        Assert.Equal(0, await Database.NumberAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
        Assert.Equal(0, await Database.NumberAsync($"SELECT count(*) FROM carillon_inbox WHERE handled < {DatabaseTime.Now} - 86400::bigint * 10000000 * 7"));
        Assert.Equal(ManyRows.Count / 2, await Database.NumberAsync("SELECT count(*) FROM carillon_inbox WHERE id LIKE 'm%' AND body_hash = '\\x00'"));
        Assert.True(claims.Sum(claim => claim.Count) > 100, "Too few claims ran beside the retention for this to show anything.");
        TestContext.Current.SendDiagnosticMessage(
            $"{ManyRows.Count} rows, {claims.Sum(claim => claim.Count)} claims beside the retention, the slowest took {claims.Max(claim => claim.Slowest).TotalMilliseconds:F0} ms");
        Assert.InRange(claims.Max(claim => claim.Slowest), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    // Half of the claims are of messages that are being forgotten, so that both work on the same rows.
    private static async Task<(int Count, TimeSpan Slowest)> ClaimAsync(PostgreSqlUnitOfWorkStore store, int claimer, Task until)
    {
        var random = new Random(claimer);
        var (count, slowest) = (0, TimeSpan.Zero);
        for (; !until.IsCompleted; count++)
        {
            var began = TimeProvider.System.GetTimestamp();
            var id = count % 2 == 0 ? $"m{random.NextInt64(1, ManyRows.Count) / 2 * 2}" : string.Create(CultureInfo.InvariantCulture, $"new-{claimer}-{count}");
            await using (var transaction = await store.BeginAsync(Cancellation))
            {
                var message = new Envelope { Id = EventId.Parse(id), Source = "/services/orders", Body = new byte[] { 1 } };
                var claim = await transaction.ClaimAsync("inventory", message, Cancellation);
                Assert.Equal(count % 2 == 1 ? InboxClaim.First : claim, claim);
                // What is forgotten may be handled again; rolled back, so that the test can count what is left.
                if (count % 2 == 1)
                    await transaction.CommitAsync(Cancellation);
            }

            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, TimeProvider.System.GetElapsedTime(began).Ticks));
        }

        return (count, slowest);
    }
}
