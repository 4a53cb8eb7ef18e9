using System.Globalization;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Which database a connection string means, with the settings that Carillon needs and those that it prefers.</summary>
internal sealed class DatabaseLocation
{
    // Whatever the user's connection string says comes later and wins.
    private const string Defaults = "Application Name=carillon;Keepalive=10;Timeout=15;Max Auto Prepare=100;";

    private DatabaseLocation(NpgsqlConnectionStringBuilder settings)
    {
        Settings = settings;
        Name = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}");
    }

    /// <summary>The settings of connections.</summary>
    public NpgsqlConnectionStringBuilder Settings { get; }

    /// <summary>Server and database, without user and password, for people to read.</summary>
    public string Name { get; }

    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public static DatabaseLocation Parse(string connectionString, PostgreSqlOptions options)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(Defaults + connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            throw Invalid($"cannot be read: {e.Message}", e);
        }

        if (string.IsNullOrWhiteSpace(settings.Host))
            throw Invalid("names no server. Write \"Host=localhost;Database=shop;Username=shop\".");
        if (settings.Multiplexing)
            throw Invalid("says Multiplexing=true. Leave it out: units of work hold a connection of their own.");
        settings.CommandTimeout = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds);

        // What Carillon writes joins a transaction when it is told to, and never because one happens to be around.
        settings.Enlist = false;
        if (settings.Host.Contains(',', StringComparison.Ordinal))
            settings.TargetSessionAttributes ??= "read-write";
        return new DatabaseLocation(settings);
    }

    private static CarillonConfigurationException Invalid(string what, Exception? inner = null) =>
        new(ErrorCodes.InvalidConfiguration, $"The PostgreSQL connection string {what}", inner);
}
