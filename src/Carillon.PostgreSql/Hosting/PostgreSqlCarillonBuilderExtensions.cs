using Carillon.Durability;
using Carillon.Parking;
using Carillon.PostgreSql;
using Carillon.Relational;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Carillon;

/// <summary>Puts a service on a PostgreSQL database.</summary>
public static class PostgreSqlCarillonBuilderExtensions
{
    /// <summary>
    /// Uses one PostgreSQL database for the service's messages and its state: units of work, inbox, schedule, parked messages and dead
    /// letters. Any number of services and machines may share it. Also registers <see cref="PostgreSqlDatabase"/> for the service's own tables
    /// and <see cref="IMessageLog"/> for the history, both keyed by the service's name and, for the first service, without a key.
    /// </summary>
    /// <param name="carillon">The service.</param>
    /// <param name="connectionString">A connection string of Npgsql, such as <c>Host=localhost;Database=shop;Username=shop</c>.</param>
    /// <param name="configure">Changes the defaults; the host's configuration (<c>Carillon:PostgreSql</c>) is read after it.</param>
    /// <exception cref="CarillonConfigurationException">At once, when there is no connection string; at start, when a setting or the database cannot be used.</exception>
    public static ICarillonBuilder UsePostgreSql(this ICarillonBuilder carillon, string connectionString, Action<PostgreSqlOptions>? configure = null)
    {
        var database = Register(carillon, connectionString, configure, Log.Messages);
        return carillon.UseTransport("PostgreSQL", provider => new PostgreSqlTransport(database(provider), Log.Messages));
    }

    /// <summary>
    /// Uses one PostgreSQL database for the service's state while another transport carries its messages: units of work, the outbox that they
    /// publish into, inbox, schedule, parked messages and dead letters. Everything the service publishes is stored in the database first, in
    /// the order of commits, and sent on from there.
    /// </summary>
    /// <inheritdoc cref="UsePostgreSql"/>
    public static ICarillonBuilder UsePostgreSqlStore(this ICarillonBuilder carillon, string connectionString, Action<PostgreSqlOptions>? configure = null)
    {
        var database = Register(carillon, connectionString, configure, Log.Outbox);
        return carillon.UseStorePart<IOutbox>(provider => new RelationalOutbox(database(provider), new PostgreSqlTransport(database(provider), Log.Outbox)));
    }

    private static Func<IServiceProvider, PostgreSqlDatabase> Register(
        ICarillonBuilder carillon, string connectionString, Action<PostgreSqlOptions>? configure, Log log)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"Service {carillon.Service} is to use PostgreSQL and was given no connection string: set one such as \"Host=localhost;Database=shop;Username=shop\". Where it comes from the configuration, it is not there in this environment.");
        }

        var options = new PostgreSqlOptions();
        configure?.Invoke(options);
        PostgreSqlDatabase Database(IServiceProvider services) => services.GetRequiredService<PostgreSqlDatabases>().Get(connectionString, options);
        PostgreSqlDatabase Start(IServiceProvider services) => services.GetRequiredService<PostgreSqlDatabases>().Start(connectionString, options);

        var services = carillon.Services;
        services.TryAddSingleton(provider => new PostgreSqlDatabases(provider.GetService<TimeProvider>(), provider.GetService<ILoggerFactory>()));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<PostgreSqlDatabase>(carillon.Service));
        if (log == Log.Messages)
        {
            services.AddKeyedSingleton<IMessageLog>(carillon.Service, (provider, _) => new RelationalMessageLog(Database(provider)));
            services.TryAddSingleton<IMessageLog>(provider => new RelationalMessageLog(Database(provider)));
        }

        carillon.ReadSettings(PostgreSqlSettings.Section, reader => PostgreSqlSettings.Read(reader, options));
        if (log == Log.Messages && carillon.HasStorePart<IOutbox>())
        {
            // The store was chosen before, and its database is where the service's own tables are; the order of the two calls decides nothing.
            services.TryAddKeyedSingleton(carillon.Service, (provider, _) => Database(provider));
            return Start;
        }

        services.AddKeyedSingleton(carillon.Service, (provider, _) => Database(provider));
        carillon
            .UseStorePart<IUnitOfWorkStore>(provider => new PostgreSqlUnitOfWorkStore(Database(provider), log))
            .UseStorePart<ISchedule>(provider => new RelationalSchedule(Start(provider), log))
            .UseStorePart<IParkingStore>(provider => new RelationalParkingStore(Start(provider)));
        return Start;
    }
}
