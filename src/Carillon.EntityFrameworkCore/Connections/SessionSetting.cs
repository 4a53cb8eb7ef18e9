using System.Collections.Concurrent;
using System.Data.Common;

namespace Carillon.EntityFrameworkCore;

/// <summary>A setting of a connection string that decides where statements lead or what they do.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Read">Reads its value; null where it is not set.</param>
internal sealed record SessionSetting(string Name, Func<DbConnectionStringBuilder, string?> Read)
{
    // Each handler run asks, and mostly the same.
    private const int MostKnown = 1_000;

    private const string Sqlite = "Microsoft.Data.Sqlite.SqliteConnection";
    private const string PostgreSql = "Npgsql.NpgsqlConnection";

    private static readonly SessionSetting[] _sqlite =
    [
        new("Data Source", static settings => RealPath(Path.GetFullPath($"{settings["Data Source"]}"))) { IsPlace = true },
        new("Mode", static settings => $"{settings["Mode"]}" is "ReadOnly" ? "ReadOnly" : null),
        // What the library does when nothing is said.
        new("Foreign Keys", static settings => $"{settings["Foreign Keys"] ?? true}"),
        Of("Recursive Triggers"),
    ];

    private static readonly SessionSetting[] _postgreSql =
    [
        Of("Host") with { IsPlace = true },
        Of("Port") with { IsPlace = true },
        new("Database", static settings => $"{settings["Database"] ?? settings["Username"]}") { IsPlace = true },
        Of("Search Path"),
        Of("Timezone"),
        Of("Username") with { IsShown = false },
        Of("Options") with { IsShown = false },
    ];

    private static readonly SessionSetting[] _others = [.. ((string[])["Data Source", "Server", "Database"]).Select(static name => Of(name) with { IsPlace = true })];

    // One server listens on all of them, as a rule.
    private static readonly string?[] _thisMachine = ["localhost", "127.0.0.1", "::1"];

    private static readonly ConcurrentDictionary<(string Own, string Work), string?> _differences = new();

    /// <summary>Whether it says which database it is.</summary>
    public bool IsPlace { get; init; }

    /// <summary>Whether its values may be shown: what people write in others may be secret.</summary>
    public bool IsShown { get; init; } = true;

    /// <summary>Whether a connection is one of PostgreSQL's driver.</summary>
    public static bool IsPostgreSql(DbConnection connection) => connection.GetType().FullName == PostgreSql;

    /// <summary>Whether two connections lead to one database, as far as their settings say.</summary>
    public static bool AreOneDatabase(DbConnection own, DbConnection work)
    {
        if (own.GetType() != work.GetType())
            return false;
        var (mine, its) = (Parse(own), Parse(work));
        return Of(own).Where(static setting => setting.IsPlace).All(setting => AreOnePlace(setting.Read(mine), setting.Read(its)));
    }

    /// <summary>Says in which setting two connections of one kind differ; null where they are alike.</summary>
    public static string? Difference(DbConnection own, DbConnection work)
    {
        var both = (own.ConnectionString, work.ConnectionString);
        if (_differences.TryGetValue(both, out var known))
            return known;
        if (_differences.Count >= MostKnown)
            _differences.Clear();
        return _differences[both] = FindDifference(own, work);
    }

    private static bool AreOnePlace(string? own, string? work) =>
        own == work || (_thisMachine.Contains(own, StringComparer.OrdinalIgnoreCase) && _thisMachine.Contains(work, StringComparer.OrdinalIgnoreCase));

    /// <summary>Where a path leads when the links on it are followed.</summary>
    private static string RealPath(string path)
    {
        if (Path.GetDirectoryName(path) is not { } folder)
            return path;
        var real = Path.Combine(RealPath(folder), Path.GetFileName(path));
        return Path.Exists(real) && File.ResolveLinkTarget(real, returnFinalTarget: true) is { } target ? RealPath(target.FullName) : real;
    }

    private static string? FindDifference(DbConnection own, DbConnection work)
    {
        var (mine, its) = (Parse(own), Parse(work));
        foreach (var setting in Of(own))
        {
            var (here, there) = (setting.Read(mine), setting.Read(its));
            if (!string.Equals(here, there, StringComparison.Ordinal))
                return setting.IsShown ? $"{setting.Name} is {Text(here)}, and {Text(there)} there" : $"{setting.Name} is another one there";
        }

        return null;
    }

    private static SessionSetting[] Of(DbConnection connection) => connection.GetType().FullName switch
    {
        Sqlite => _sqlite,
        PostgreSql => _postgreSql,
        _ => _others,
    };

    private static SessionSetting Of(string name) => new(name, settings => settings.TryGetValue(name, out var value) && $"{value}" is { Length: > 0 } text ? text : null);

    private static string Text(string? value) => value is null ? "not set" : $"\"{value}\"";

    /// <summary>In the words of the driver, which knows more than one name for a setting.</summary>
    private static DbConnectionStringBuilder Parse(DbConnection connection)
    {
        var settings = DbProviderFactories.GetFactory(connection)?.CreateConnectionStringBuilder() ?? new DbConnectionStringBuilder();
        settings.ConnectionString = connection.ConnectionString;
        return settings;
    }
}
