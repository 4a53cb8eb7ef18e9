using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>
/// The connection dies between a commit and its answer. That nobody knows whether it happened is said, and whoever does the same again under
/// the message's id gets one effect, whatever happened the first time.
/// </summary>
public sealed class LostReplyTests : DatabaseTests
{
    private const string Append = "INSERT INTO \"public\".carillon_messages";
    private const string Commit = "COMMIT";
    private static readonly PublishOptions Once = new() { Id = EventId.Parse("payment-7") };
    private CuttingProxy _proxy = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync("CREATE TABLE effects (account text NOT NULL, version bigint NOT NULL)");
        var server = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        _proxy = CuttingProxy.Start(server.Host!, server.Port);
    }

    public override async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PublishAsync_ShouldSayThatNobodyKnows_WhenTheAnswerIsLost(bool isForwarded)
    {
        await using var bank = await ServiceHost.StartAsync("bank", ThroughProxy, _ => { });
        await using var ledger = await ServiceHost.StartAsync("ledger", Database.ConnectionString, Book);
        await bank.Bus.PublishAsync(new Moved("a", 1), Cancellation);
        _proxy.IsForwarded = isForwarded;
        _proxy.CutAt(Append);

        var failure = await Assert.ThrowsAsync<PublishFailedException>(() => bank.Bus.PublishAsync(new Moved("a", 2), Once, Cancellation).AsTask());

        Assert.True(failure.IsOutcomeUnknown);
        // The caller hears that the connection is gone while the server may still be at work.
        await Eventually.IsTrueAsync(async () => await Database.NumberAsync("SELECT count(*) FROM carillon_messages") == (isForwarded ? 2 : 1), what: "the server is done");
        await bank.Bus.PublishAsync(new Moved("a", 2), Once, Cancellation);
        await bank.Bus.PublishAsync(new Moved("a", 3), Cancellation);
        await HasEffectsAsync("1 2 3");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CommitAsync_ShouldStoreAllOrNothing_WhenTheAnswerIsLost(bool isForwarded)
    {
        await using var bank = await ServiceHost.StartAsync("bank", ThroughProxy, _ => { });
        await using var ledger = await ServiceHost.StartAsync("ledger", Database.ConnectionString, Book);
        await Database.ExecuteAsync("CREATE TABLE paid (version bigint NOT NULL)");
        var failure = await Assert.ThrowsAsync<PublishFailedException>(async () =>
        {
            await using var work = await bank.Bus.BeginAsync(cancellation: Cancellation);
            await using var command = new NpgsqlCommand("INSERT INTO paid VALUES (2)", (NpgsqlConnection)work.Connection, (NpgsqlTransaction)work.Transaction);
            await command.ExecuteNonQueryAsync(Cancellation);
            await bank.Bus.PublishAsync(new Moved("a", 2), Cancellation);
            _proxy.IsForwarded = isForwarded;
            _proxy.CutAt(Commit);
            await work.CommitAsync(Cancellation);
        });

        Assert.True(failure.IsOutcomeUnknown);
        await bank.Bus.PublishAsync(new Moved("a", 3), Cancellation);
        await HasEffectsAsync(isForwarded ? "2 3" : "3");
        Assert.Equal(isForwarded ? 1 : 0, await Database.NumberAsync("SELECT count(*) FROM paid"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Guarantee", "G2")]
    public async Task Handling_ShouldHappenOnce_WhenTheAnswerToItsCommitIsLost(bool isForwarded)
    {
        await using var bank = await ServiceHost.StartAsync("bank", Database.ConnectionString, _ => { });
        var handled = 0;
        await using var ledger = await ServiceHost.StartAsync("ledger", ThroughProxy, carillon => carillon
            .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
            .On<Moved>(async (moved, context) =>
            {
                await AddAsync(moved, context);
                _proxy.IsForwarded = isForwarded;
                if (moved.Version == 2 && Interlocked.Increment(ref handled) == 1)
                    _proxy.CutAt(Commit);
            }));

        for (var version = 1; version <= 3; version++)
            await bank.Bus.PublishAsync(new Moved("a", version), Cancellation);

        await HasEffectsAsync("1 2 3");
        Assert.Equal(1, _proxy.Cuts);
        Assert.Equal(isForwarded ? 1 : 2, handled);
    }

    // Statements that were prepared are not sent as text again.
    private string ThroughProxy => new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Host = "127.0.0.1", Port = _proxy.Port, MaxAutoPrepare = 0 }.ConnectionString;

    private static void Book(ICarillonBuilder carillon) => carillon
        .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
        .On<Moved>(AddAsync);

    private static async Task AddAsync(Moved moved, EventContext context)
    {
        await using var command = new NpgsqlCommand("INSERT INTO effects (account, version) VALUES (@account, @version)",
            (NpgsqlConnection)context.UnitOfWork.Connection, (NpgsqlTransaction)context.UnitOfWork.Transaction)
        {
            Parameters = { new("account", moved.Account), new("version", moved.Version) },
        };
        await command.ExecuteNonQueryAsync();
    }

    private async Task HasEffectsAsync(string versions)
    {
        const string Versions = "SELECT string_agg(version::text, ' ' ORDER BY ctid) FROM effects";
        await Eventually.IsTrueAsync(async () => (await Database.TextAsync(Versions))?.EndsWith('3') == true, what: "the last message is handled");
        Assert.Equal(versions, await Database.TextAsync(Versions));
    }
}
