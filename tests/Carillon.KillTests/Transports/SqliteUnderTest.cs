using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Carillon.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.KillTests;

/// <summary>One SQLite file, which is the handlers' database too.</summary>
internal sealed class SqliteUnderTest(string folder) : ITransportUnderTest
{
    private const string Create =
        """
        CREATE TABLE IF NOT EXISTS kill_effects (
            position INTEGER PRIMARY KEY AUTOINCREMENT, subscription TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
            message TEXT NOT NULL, process TEXT NOT NULL, at INTEGER NOT NULL)
        """;

    private const string BeyondCursors =
        """
        SELECT count(*) FROM carillon_subscriptions AS s
            JOIN carillon_leases AS l ON l.subscription = s.subscription
            JOIN carillon_messages AS m ON m.partition = l.partition AND m.position > l.cursor
        WHERE s.name = @subscription AND m.topic = @topic
        """;

    private const string SetAside = "SELECT count(*) FROM carillon_parked WHERE state = 0";
    private const string Dead = "SELECT subscription, key, body FROM carillon_parked WHERE state = 1";

    // Longer than any pause of a busy machine: the harness kills, it does not test leases that expire.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private readonly string _path = Path.Combine(folder, "kill.db");

    public ICarillonBuilder Use(ICarillonBuilder carillon) => carillon.UseSqlite($"Data Source={_path}", sqlite =>
    {
        sqlite.LeaseTime = Long;
        sqlite.BusyTimeout = Long;
    });

    public void CreateEffects(IServiceProvider services)
    {
        using var connection = OpenConnection(services);
        using var command = connection.CreateCommand();
        command.CommandText = Create;
        command.ExecuteNonQuery();
    }

    public DbConnection OpenConnection(IServiceProvider services) => services.GetRequiredService<SqliteFile>().OpenConnection();

    public IReadOnlyList<Effect> ReadEffects(long after)
    {
        using var connection = Open();
        return EffectSql.ReadAfter(connection, after);
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
        using var connection = Open();
        return Subscriptions.Topics.Sum(subscription => Count(connection, BeyondCursors, ("subscription", subscription.Key), ("topic", subscription.Value)))
            + Count(connection, SetAside);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static int Count(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static long VersionIn(byte[] body)
    {
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(body));
        return json.RootElement.EnumerateObject().First(property => property.Name.Equals("version", StringComparison.OrdinalIgnoreCase)).Value.GetInt64();
    }
}
