using System.Globalization;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Which database a connection string means, with the settings that Carillon needs and those that it prefers.</summary>
internal sealed class DatabaseLocation
{
    // Whatever the user's connection string says comes later and wins.
    private const string Defaults = "Application Name=carillon;Keepalive=10;Timeout=15;Max Auto Prepare=100;";
    private const int BriefSeconds = 10;
    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly string? _database;
    private readonly string[] _servers;

    private DatabaseLocation(NpgsqlConnectionStringBuilder settings)
    {
        _settings = settings;
        _database = settings.Database ?? settings.Username;
        _servers = [.. (settings.Host ?? "").Split(',', StringSplitOptions.TrimEntries).Select(host => ServerOf(host, settings.Port))];
        Name = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}/{_database}");
    }

    /// <summary>Server and database, without user and password, for people to read.</summary>
    public string Name { get; }

    /// <summary>Whether it is a database of that name on that server, or on one of its servers, where it has several.</summary>
    public bool IsAt(string? host, int port, string database) =>
        database == _database && _servers.Contains(string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"), StringComparer.Ordinal);

    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>. It never holds a part of the connection string.</exception>
    public static DatabaseLocation Parse(string connectionString, PostgreSqlOptions options)
    {
        var settings = ConnectionText.Read(connectionString, Defaults);
        if (string.IsNullOrWhiteSpace(settings.Host))
            throw ConnectionText.Invalid("names no server. Write \"Host=localhost;Database=shop;Username=shop\".");
        if (settings.Multiplexing)
            throw ConnectionText.Invalid("says Multiplexing=true. Leave it out: units of work hold a connection of their own.");
        settings.CommandTimeout = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds);

        // What Carillon writes joins a transaction when it is told to, and never because one happens to be around.
        settings.Enlist = false;
        if (settings.Host.Contains(',', StringComparison.Ordinal))
            settings.TargetSessionAttributes ??= "read-write";
        return new DatabaseLocation(settings);
    }

    /// <summary>The settings of connections in the user's pool.</summary>
    public NpgsqlConnectionStringBuilder Pooled(PoolerMode pooler)
    {
        var settings = new NpgsqlConnectionStringBuilder(_settings.ConnectionString);
        if (pooler != PoolerMode.Transaction)
            return settings;

        // A statement that one session of the server knows is unknown to the next. And what the driver sends to clean a session, before and together
        // with the next user's first statement, is a transaction of its own: the pooler then sends the rest to another session, also in the middle of a message.
        settings.MaxAutoPrepare = 0;
        settings.NoResetOnClose = true;
        return settings;
    }

    /// <summary>The settings of a pool of few connections.</summary>
    public NpgsqlConnectionStringBuilder Reserved(PoolerMode pooler, int connections)
    {
        var settings = Pooled(pooler);
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = connections;
        // Nothing that Carillon does by itself outlives its transaction, so there is nothing to be undone before the next use.
        settings.NoResetOnClose = true;
        return settings;
    }

    /// <summary>The settings of a connection that is needed rarely and is not kept for long.</summary>
    public NpgsqlConnectionStringBuilder Brief(PoolerMode pooler)
    {
        var settings = Reserved(pooler, connections: 1);
        settings.ConnectionIdleLifetime = BriefSeconds;
        settings.ConnectionPruningInterval = BriefSeconds;
        return settings;
    }

    /// <summary>The settings of connections in no pool.</summary>
    public NpgsqlConnectionStringBuilder Single(PoolerMode pooler)
    {
        var settings = Pooled(pooler);
        settings.MinPoolSize = 0;
        settings.Pooling = false;
        return settings;
    }

    /// <summary>A server by host and port. A host with a port of its own is one with a single colon that is no path, or one in brackets with something behind them.</summary>
    private static string ServerOf(string host, int port)
    {
        var hasPort = !host.StartsWith('/') && (host.LastIndexOf(':') is var colon and > 0 && (host.IndexOf(':', StringComparison.Ordinal) == colon || host[colon - 1] == ']'));
        return hasPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
    }
}
