using Carillon.Durability;
using Carillon.Parking;
using Carillon.Relational;
using Carillon.Scheduling;
using Carillon.Sqlite;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon;

/// <summary>Puts a service on one SQLite file.</summary>
public static class SqliteCarillonBuilderExtensions
{
    /// <summary>
    /// Uses one SQLite file for the service's messages, its parked messages and its dead letters. Several services, of this and of other
    /// processes on the same machine, may share the file. Also registers <see cref="SqliteFile"/> for the service's own tables and
    /// <see cref="IMessageLog"/> for the history, both keyed by the service's name and, for the first service, without a key.
    /// </summary>
    /// <param name="carillon">The service.</param>
    /// <param name="connectionString">A connection string of Microsoft.Data.Sqlite, such as <c>Data Source=shop.db</c>.</param>
    /// <param name="configure">Changes the defaults; the host's configuration (<c>Carillon:Sqlite</c>) is read after it.</param>
    /// <exception cref="CarillonConfigurationException">At once, when there is no connection string; at start, when a setting or the place of the file cannot be used.</exception>
    public static ICarillonBuilder UseSqlite(this ICarillonBuilder carillon, string connectionString, Action<SqliteOptions>? configure = null)
    {
        var file = Register(carillon, connectionString, configure, Log.Messages);
        return carillon.UseTransport("SQLite", provider => new SqliteTransport(file(provider), Log.Messages));
    }

    /// <summary>
    /// Uses one SQLite file for the service's state while another transport carries its messages: units of work, the outbox that they publish
    /// into, inbox, schedule, parked messages and dead letters. Everything the service publishes is stored in the file first, in the order of
    /// commits, and sent on from there.
    /// </summary>
    /// <inheritdoc cref="UseSqlite"/>
    public static ICarillonBuilder UseSqliteStore(this ICarillonBuilder carillon, string connectionString, Action<SqliteOptions>? configure = null)
    {
        var file = Register(carillon, connectionString, configure, Log.Outbox);
        return carillon.UseStorePart<IOutbox>(provider => new RelationalOutbox(file(provider), new SqliteTransport(file(provider), Log.Outbox)));
    }

    private static Func<IServiceProvider, SqliteFile> Register(ICarillonBuilder carillon, string connectionString, Action<SqliteOptions>? configure, Log log)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"Service {carillon.Service} is to use SQLite and was given no connection string: set one such as \"Data Source=shop.db\". Where it comes from the configuration, it is not there in this environment.");
        }

        var options = new SqliteOptions();
        configure?.Invoke(options);

        // A relative path means what it means here, whatever the working directory is later; and it is looked at once.
        var folder = Environment.CurrentDirectory;
        var location = new Lazy<SqliteLocation>(() => SqliteLocation.Parse(connectionString, folder));
        SqliteFile File(IServiceProvider services) => services.GetRequiredService<SqliteFiles>().Get(location.Value, options);
        SqliteFile Start(IServiceProvider services) => services.GetRequiredService<SqliteFiles>().Start(location.Value, options);

        var services = carillon.Services;
        services.TryAddSingleton(provider => new SqliteFiles(provider.GetService<TimeProvider>(), provider.GetService<Microsoft.Extensions.Logging.ILoggerFactory>()));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<SqliteFile>(carillon.Service));
        if (log == Log.Messages)
        {
            services.AddKeyedSingleton<IMessageLog>(carillon.Service, (provider, _) => new RelationalMessageLog(File(provider)));
            services.TryAddSingleton<IMessageLog>(provider => new RelationalMessageLog(File(provider)));
        }

        carillon.ReadSettings(SqliteSettings.Section, reader => SqliteSettings.Read(reader, options));
        if (log == Log.Messages && carillon.HasStorePart<IOutbox>())
        {
            // The store was chosen before, and its file is where the service's own tables are; the order of the two calls decides nothing.
            services.TryAddKeyedSingleton(carillon.Service, (provider, _) => File(provider));
            return Start;
        }

        services.AddKeyedSingleton(carillon.Service, (provider, _) => File(provider));
        carillon
            .UseStorePart<IUnitOfWorkStore>(provider => new SqliteUnitOfWorkStore(File(provider), log))
            .UseStorePart<ISchedule>(provider => new RelationalSchedule(Start(provider), log))
            .UseStorePart<IParkingStore>(provider => new RelationalParkingStore(Start(provider)));
        return Start;
    }
}
