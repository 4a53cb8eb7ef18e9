using System.Globalization;
using Carillon.Tests;
using Carillon.Transports;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests;

/// <summary>A service with an outbox while one of its two files is away, which says how much memory it holds.</summary>
internal static class OutboxWorker
{
    /// <summary>The environment variable with the number of messages, for long runs.</summary>
    public const string CountVariable = "CARILLON_TEST_OUTBOX_MESSAGES";

    private const int Keys = 1_000;
    private const int Samples = 40;
    private const int Callers = 500;
    private const int Batch = 500;
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(500);
    private static readonly string Padding = new('x', 1_000);

    /// <summary>How many messages are published while the transport is away.</summary>
    public static int Count => int.TryParse(Environment.GetEnvironmentVariable(CountVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 200_000;

    /// <summary>Publishes all messages while nobody can write to the transport, then lets them be sent and handled.</summary>
    public static async Task RunWithoutTransportAsync(string store, string transport)
    {
        var (handled, next) = (0, new int[Keys]);
        using var host = await StartAsync(store, transport, LongPatience, message =>
        {
            if (message.Number != next[message.Key]++)
                WorkerOutput.Say("disorder", string.Create(CultureInfo.InvariantCulture, $"{message.Key} {message.Number}"));
            Volatile.Write(ref handled, handled + 1);
            Sample("draining", handled);
        });
        using (Block(transport))
            await PublishAsync(host.Services.GetRequiredService<IEventBus>());
        WorkerOutput.Say("published", Count.ToString(CultureInfo.InvariantCulture));
        // The test that started this process decides how long that may take.
        await Eventually.IsTrueAsync(() => Volatile.Read(ref handled) >= Count, TimeSpan.FromHours(1));
        await host.StopAsync();
        WorkerOutput.Say("drained", handled.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Publishes with many callers while nobody can write to the store, then once more when it is back.</summary>
    public static async Task RunWithoutStoreAsync(string store, string transport)
    {
        var (attempts, handled) = (0, 0);
        using var host = await StartAsync(store, transport, ShortPatience, _ => Interlocked.Increment(ref handled));
        var bus = host.Services.GetRequiredService<IEventBus>();
        using (Block(store))
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async key =>
            {
                for (var round = 0; round < Samples; round++)
                {
                    var error = await Assert.ThrowsAsync<PublishFailedException>(() => bus.PublishAsync(new Padded(key, 0, Padding)).AsTask());
                    Assert.False(error.IsOutcomeUnknown);
                    if (Interlocked.Increment(ref attempts) % Callers == 0)
                        Say("refusing");
                }
            }));
        }

        WorkerOutput.Say("refused", attempts.ToString(CultureInfo.InvariantCulture));
        await bus.PublishAsync(new Padded(0, 0, Padding));
        await Eventually.IsTrueAsync(() => Volatile.Read(ref handled) > 0);
        await host.StopAsync();
        WorkerOutput.Say("drained", handled.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task PublishAsync(IEventBus bus)
    {
        for (var number = 0; number < Count; number += Batch)
        {
            await using var work = await bus.BeginAsync();
            await bus.PublishBatchAsync([.. Enumerable.Range(number, Math.Min(Batch, Count - number)).Select(i => new Padded(i % Keys, i / Keys, Padding))]);
            await work.CommitAsync();
            Sample("publishing", number + Batch);
        }
    }

    private static async Task<IHost> StartAsync(string store, string transport, TimeSpan patience, Action<Padded> handle)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("shop", carillon => carillon
            .UseSqliteStore(store, options => (options.BusyTimeout, options.LeaseTime) = (patience, LongPatience))
            .UseSqlite(transport, options => options.BusyTimeout = ShortPatience)
            .Outbox(outbox => outbox.MaxDelay = LongPause)
            .Subscription(subscription => (subscription.Start, subscription.Concurrency) = (StartPosition.Beginning, 1))
            .On<Padded>(handle));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static SqliteConnection Block(string connectionString)
    {
        var connection = new SqliteConnection($"{connectionString};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    private static void Sample(string what, int done)
    {
        if (done % Math.Max(Batch, Count / Samples) == 0)
            Say(what);
    }

    private static void Say(string what) =>
        WorkerOutput.Say(what, string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(forceFullCollection: true)} {Environment.WorkingSet}"));

    /// <summary>An event of about one kilobyte.</summary>
    [Event("padded")]
    private sealed record Padded([property: Key] int Key, int Number, string Padding);
}
