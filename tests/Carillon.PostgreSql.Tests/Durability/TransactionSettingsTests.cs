using Carillon.Durability;
using Carillon.Relational;
using Carillon.Scheduling;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>A transaction of the user that messages join keeps the settings that the user gave it; one of Carillon's own has limits, which end with it.</summary>
public sealed class TransactionSettingsTests : DatabaseTests
{
    private static readonly string[] _names = ["idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout", "transaction_isolation", "search_path"];
    private readonly PostgreSqlDatabases _databases = new();

    public override async ValueTask DisposeAsync()
    {
        await _databases.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Join_ShouldChangeNoSettingOfTheTransaction_WhenMessagesAreStored()
    {
        var source = Start();
        await using var connection = await OpenAsync(source);
        var before = await ReadAsync(connection);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var joined = await new PostgreSqlUnitOfWorkStore(source, Log.Messages).JoinAsync(transaction, Cancellation))
        {
            await StoreAsync(joined);

            Assert.Equal(before, await ReadAsync(connection));
        }

        Assert.Equal(before, await ReadAsync(connection));
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(before, await ReadAsync(connection));
        Assert.Equal(1, await Database.NumberAsync("SELECT count(*) FROM carillon_messages"));
    }

    [Fact]
    public async Task Begin_ShouldLimitTheTransactionOnly_WhenTheConnectionIsTheUsers()
    {
        var source = Start();
        await using var connection = await OpenAsync(source);
        var before = await ReadAsync(connection);
        await using (var transaction = await new PostgreSqlUnitOfWorkStore(source, Log.Messages).BeginAsync(connection, Cancellation))
        {
            await StoreAsync(transaction);

            var limited = await ReadAsync(connection);
            Assert.Equal(("10s", "5s"), (limited["idle_in_transaction_session_timeout"], limited["lock_timeout"]));
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(before, await ReadAsync(connection));
    }

    private static async Task StoreAsync(IStoreTransaction transaction)
    {
        var message = new Envelope { Id = EventId.Parse("1"), Source = "/services/orders", Topic = "a.b", Type = "a.b", Key = "k", Body = "{}"u8.ToArray() };
        await transaction.ClaimAsync("orders", message, Cancellation);
        await transaction.ScheduleAsync([new ScheduledMessage(message, DateTimeOffset.UnixEpoch)], Cancellation);
        await transaction.CancelScheduledAsync(message.Source!, message.Id, Cancellation);
        await transaction.AppendAsync([message], Cancellation);
    }

    private static async Task<NpgsqlConnection> OpenAsync(PostgreSqlDatabase source)
    {
        var connection = await source.OpenConnectionAsync(Cancellation);
        await using var set = new NpgsqlCommand("SET idle_in_transaction_session_timeout = '7min'; SET lock_timeout = '3min'; SET statement_timeout = '2min'", connection);
        await set.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    private static async Task<SortedDictionary<string, string>> ReadAsync(NpgsqlConnection connection)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in _names)
        {
            await using var show = new NpgsqlCommand($"SHOW {name}", connection);
            settings.Add(name, (string)(await show.ExecuteScalarAsync(Cancellation))!);
        }

        return settings;
    }

    private PostgreSqlDatabase Start() => _databases.Start(Database.ConnectionString, new PostgreSqlOptions());
}
