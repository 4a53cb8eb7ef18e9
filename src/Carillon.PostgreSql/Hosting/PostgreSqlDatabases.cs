using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.PostgreSql;

/// <summary>The databases of a host: services that name the same one share its pool and its writers. Lives and dies with the host's container.</summary>
internal sealed class PostgreSqlDatabases(TimeProvider? time = null, ILoggerFactory? loggers = null) : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (PostgreSqlDatabase Database, PostgreSqlOptions Options)> _databases = new(StringComparer.Ordinal);

    /// <summary>The database for a service that starts, with the settings that it has read.</summary>
    /// <exception cref="CarillonConfigurationException">A setting is out of its range, or two services want different things of one database.</exception>
    public PostgreSqlDatabase Start(string connectionString, PostgreSqlOptions options)
    {
        PostgreSqlSettings.Validate(options);
        var (database, first) = Find(connectionString, options);
        if (first != options)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"Two services of this host use {database.Name} with different options ({first} and {options}). Give both the same.");
        }

        return database;
    }

    /// <summary>The database, for whoever wants it. It may be asked for before the settings are read.</summary>
    public PostgreSqlDatabase Get(string connectionString, PostgreSqlOptions options) => Find(connectionString, options).Database;

    public async ValueTask DisposeAsync()
    {
        foreach (var (database, _) in Take())
            await database.DisposeAsync();
    }

    public void Dispose()
    {
        foreach (var (database, _) in Take())
            database.Dispose();
    }

    private (PostgreSqlDatabase Database, PostgreSqlOptions Options) Find(string connectionString, PostgreSqlOptions options)
    {
        lock (_lock)
        {
            if (!_databases.TryGetValue(connectionString, out var known))
            {
                var logger = UnfailingLogger.Create(loggers, PostgreSqlLog.Category);
                known = (new PostgreSqlDatabase(connectionString, options, time ?? TimeProvider.System, logger), options);
                _databases.Add(connectionString, known);
            }

            return known;
        }
    }

    private (PostgreSqlDatabase Database, PostgreSqlOptions Options)[] Take()
    {
        lock (_lock)
        {
            var databases = _databases.Values.ToArray();
            _databases.Clear();
            return databases;
        }
    }
}
