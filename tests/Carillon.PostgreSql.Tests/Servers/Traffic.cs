using System.Collections.Concurrent;
using System.Data.Common;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>
/// Publishers, with units of work and without, and two hosts whose handlers write an effect exactly once, on a database to which things happen
/// meanwhile. Everything is checked at the end, whatever happened.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Direct = 4;
    private const int InUnitsOfWork = 3;
    private const int MostAhead = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly TestDatabase _database;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<(string Account, long Version), bool> _acknowledged = new();
    private readonly ConcurrentDictionary<(string Account, long Version), bool> _seen = new();
    private readonly List<ServiceHost> _hosts = [];
    private Task[] _publishing = [];
    private long _lastHandled;

    private Traffic(TestDatabase database) => _database = database;

    /// <summary>How many messages were acknowledged.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>How many publications failed, whatever became of them.</summary>
    public int Refused { get; private set; }

    /// <summary>When a handler was called last, as a timestamp of the system's clock.</summary>
    public long LastHandled => Volatile.Read(ref _lastHandled);

    /// <summary>Begins.</summary>
    public static async Task<Traffic> StartAsync(TestDatabase database)
    {
        await database.ExecuteAsync("CREATE TABLE traffic_rows (account text NOT NULL, version bigint NOT NULL, PRIMARY KEY (account, version))");
        await database.ExecuteAsync(
            "CREATE TABLE traffic_effects (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account text NOT NULL, version bigint NOT NULL)");
        var traffic = new Traffic(database);
        traffic._hosts.Add(await ServiceHost.StartAsync("bank", database.ConnectionString, _ => { }));
        for (var host = 0; host < 2; host++)
            traffic._hosts.Add(await ServiceHost.StartAsync("ledger", database.ConnectionString, traffic.Handle));
        var accounts = Enumerable.Range(1, Direct).Select(number => $"direct-{number}").Concat(Enumerable.Range(1, InUnitsOfWork).Select(number => $"unit-{number}"));
        traffic._publishing = [.. accounts.Select(traffic.PublishAsync)];
        return traffic;
    }

    /// <summary>Waits until as many more messages have been handled as are asked for.</summary>
    public Task FlowAsync(int messages)
    {
        var enough = _seen.Count + messages;
        return Eventually.IsTrueAsync(() => _seen.Count >= enough, Patience, $"{messages} more messages are handled");
    }

    /// <summary>Publishes no more, and waits until everything that was acknowledged is handled, or the time is over.</summary>
    public async Task DrainAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_publishing);
        await Eventually.IsTrueAsync(async () => await _database.NumberAsync(
            """
            SELECT (SELECT count(*) FROM carillon_parked WHERE state = 0) + (SELECT count(*) FROM carillon_leases l JOIN carillon_subscriptions s USING (subscription)
                JOIN carillon_messages m ON m.partition = l.partition AND m.position > l.cursor WHERE s.name = 'ledger')
            """) == 0, Patience, "everything is settled");
    }

    /// <summary>Nothing acknowledged is lost, nothing happened twice or out of order, and rows and messages of units of work are the same.</summary>
    public async Task CheckAsync()
    {
        Assert.Equal(0, await _database.NumberAsync("SELECT count(*) FROM carillon_parked"));
        var effects = await ReadAsync("SELECT account, version FROM traffic_effects ORDER BY position");
        Assert.Empty(effects.GroupBy(effect => effect).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.Empty(_acknowledged.Keys.Except(effects));
        foreach (var account in effects.GroupBy(effect => effect.Account))
            Assert.Equal(account.OrderBy(effect => effect.Version), account);
        var rows = await ReadAsync("SELECT account, version FROM traffic_rows");
        Assert.Equal(rows.Order(), effects.Where(effect => effect.Account.StartsWith("unit", StringComparison.Ordinal)).Order());
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_publishing);
        foreach (var host in _hosts)
            await host.DisposeAsync();
        _stopping.Dispose();
    }

    private void Handle(ICarillonBuilder carillon) => carillon
        .Subscription(subscription => subscription.Delivery = DeliveryGuarantee.ExactlyOnce)
        .On<Moved>(async (moved, context) =>
        {
            Volatile.Write(ref _lastHandled, TimeProvider.System.GetTimestamp());
            await WriteAsync(context.UnitOfWork, "traffic_effects", moved);
            _seen[(moved.Account, moved.Version)] = true;
        });

    private async Task PublishAsync(string account)
    {
        var isUnit = account.StartsWith("unit", StringComparison.Ordinal);
        for (var version = 1L; !_stopping.IsCancellationRequested; version++)
        {
            try
            {
                await (isUnit ? PublishUnitAsync(new Moved(account, version)) : _hosts[0].Bus.PublishAsync(new Moved(account, version)).AsTask());
                _acknowledged[(account, version)] = true;
            }
            catch (Exception e) when (e is CarillonException or DbException)
            {
                lock (_hosts)
                    Refused++;
                await Eventually.IsTrueAsync(CanConnectAsync, Patience, "the server answers again");
            }

            await Eventually.IsTrueAsync(() => _stopping.IsCancellationRequested || _acknowledged.Count - _seen.Count < MostAhead, Patience, "handlers keep up");
        }
    }

    private async Task PublishUnitAsync(Moved moved)
    {
        await using var work = await _hosts[0].Bus.BeginAsync();
        await WriteAsync(work, "traffic_rows", moved);
        await _hosts[0].Bus.PublishAsync(moved);
        await work.CommitAsync();
    }

    private async ValueTask<bool> CanConnectAsync()
    {
        try
        {
            await _database.ExecuteAsync("SELECT 1");
            return true;
        }
        catch (DbException)
        {
            return _stopping.IsCancellationRequested;
        }
    }

    private static async Task WriteAsync(IUnitOfWork work, string table, Moved moved)
    {
        await using var command = work.Connection.CreateCommand();
        command.Transaction = work.Transaction;
        command.CommandText = $"INSERT INTO {table} (account, version) VALUES (@account, @version)";
        command.Parameters.Add(new Npgsql.NpgsqlParameter("account", moved.Account));
        command.Parameters.Add(new Npgsql.NpgsqlParameter("version", moved.Version));
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<(string Account, long Version)>> ReadAsync(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection($"{_database.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string Account, long Version)>();
        while (await reader.ReadAsync())
            rows.Add((reader.GetString(0), reader.GetInt64(1)));
        return rows;
    }
}
