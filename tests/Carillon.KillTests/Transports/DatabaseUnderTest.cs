using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Carillon.KillTests;

/// <summary>A transport whose tables are in the handlers' own database.</summary>
internal abstract class DatabaseUnderTest : ITransportUnderTest
{
    private const string BeyondCursors =
        """
        SELECT count(*) FROM carillon_subscriptions AS s
            JOIN carillon_leases AS l ON l.subscription = s.subscription
            JOIN carillon_messages AS m ON m.partition = l.partition AND m.position > l.cursor
        WHERE s.name = @subscription AND m.topic = @topic
        """;

    private const string SetAside = "SELECT count(*) FROM carillon_parked WHERE state = 0";
    private const string Booked = "SELECT key, version FROM kill_bookings";
    private const string Dead = "SELECT subscription, key, body FROM carillon_parked WHERE state = 1";

    /// <summary>The statements that make the tables, also when several processes execute them at once.</summary>
    protected abstract string CreateTables { get; }

    public virtual bool HasOutbox => false;

    public abstract ICarillonBuilder Use(ICarillonBuilder carillon);

    public abstract void Use(DbContextOptionsBuilder options);

    public async Task CreateTablesAsync(IServiceProvider services)
    {
        await using var connection = await OpenConnectionAsync(services);
        await using var command = connection.CreateCommand();
        command.CommandText = CreateTables;
        await command.ExecuteNonQueryAsync();
    }

    public abstract ValueTask<DbConnection> OpenConnectionAsync(IServiceProvider services);

    public virtual IReadOnlyList<Effect> ReadEffects(long after)
    {
        using var connection = Open();
        return EffectSql.ReadAfter(connection, after);
    }

    public IReadOnlySet<(string Key, long Version)> ReadBookings()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = Booked;
        using var row = command.ExecuteReader();
        var booked = new HashSet<(string Key, long Version)>();
        while (row.Read())
            booked.Add((row.GetString(0), row.GetInt64(1)));
        return booked;
    }

    public IReadOnlySet<Happening> ReadDeadLetters()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = Dead;
        using var row = command.ExecuteReader();
        var dead = new HashSet<Happening>();
        while (row.Read())
            dead.Add(new Happening(row.GetString(0), row.GetString(1), VersionIn(row.GetFieldValue<byte[]>(2))));
        return dead;
    }

    public int CountUnsettled()
    {
        using var store = Open();
        using var transport = OpenTransport();
        // In the order in which a message comes by these places, so that none is missed on its way from one to the next.
        return Subscriptions.Topics.Sum(on =>
            CountUnsent(store)
            + Count(transport, BeyondCursors, ("subscription", on.Subscription), ("topic", on.Topic))
            + Count(store, SetAside));
    }

    /// <summary>Opens a connection of the harness, to look at what is there.</summary>
    protected abstract DbConnection Open();

    /// <summary>Opens a connection to where the messages are, which may be somewhere else.</summary>
    protected virtual DbConnection OpenTransport() => Open();

    /// <summary>How many messages wait in the outbox, if there is one.</summary>
    protected virtual int CountUnsent(DbConnection store) => 0;

    /// <summary>Counts.</summary>
    protected static int Count(DbConnection connection, string sql, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            EffectSql.Set(command, name, value);
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Which one of its key a message is.</summary>
    public static long VersionIn(ReadOnlySpan<byte> body)
    {
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(body));
        return json.RootElement.EnumerateObject().First(property => property.Name.Equals("version", StringComparison.OrdinalIgnoreCase)).Value.GetInt64();
    }
}
