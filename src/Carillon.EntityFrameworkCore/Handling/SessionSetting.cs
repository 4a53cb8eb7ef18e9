using System.Data.Common;

namespace Carillon.EntityFrameworkCore;

/// <summary>A setting of a connection string that decides where statements lead or what they do.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsShown">Whether its values may be shown: what people write in others may be secret.</param>
/// <param name="Read">Reads its value; null where it is not set.</param>
internal sealed record SessionSetting(string Name, bool IsShown, Func<DbConnectionStringBuilder, string?> Read)
{
    private const string Sqlite = "Microsoft.Data.Sqlite.SqliteConnection";
    private const string PostgreSql = "Npgsql.NpgsqlConnection";

    private static readonly SessionSetting[] _sqlite =
    [
        new("Data Source", true, static settings => Path.GetFullPath($"{settings["Data Source"]}")),
        new("Mode", true, static settings => $"{settings["Mode"]}" is "ReadOnly" ? "ReadOnly" : null),
        // What the library does when nothing is said.
        new("Foreign Keys", true, static settings => $"{settings["Foreign Keys"] ?? true}"),
        Shown("Recursive Triggers"),
    ];

    private static readonly SessionSetting[] _postgreSql =
    [
        Shown("Host"),
        Shown("Port"),
        new("Database", true, static settings => $"{settings["Database"] ?? settings["Username"]}"),
        Shown("Search Path"),
        Shown("Timezone"),
        Shown("Username") with { IsShown = false },
        Shown("Options") with { IsShown = false },
    ];

    private static readonly SessionSetting[] _others = [Shown("Data Source"), Shown("Server"), Shown("Database")];

    /// <summary>Says in which setting two connections of one kind differ; null where they are alike.</summary>
    public static string? Difference(DbConnection own, DbConnection work)
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

    private static SessionSetting Shown(string name) => new(name, true, settings => settings.TryGetValue(name, out var value) && $"{value}" is { Length: > 0 } text ? text : null);

    private static string Text(string? value) => value is null ? "not set" : $"\"{value}\"";

    /// <summary>In the words of the driver, which knows more than one name for a setting.</summary>
    private static DbConnectionStringBuilder Parse(DbConnection connection)
    {
        var settings = DbProviderFactories.GetFactory(connection)?.CreateConnectionStringBuilder() ?? new DbConnectionStringBuilder();
        settings.ConnectionString = connection.ConnectionString;
        return settings;
    }
}
