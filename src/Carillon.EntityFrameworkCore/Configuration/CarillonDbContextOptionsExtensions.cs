using Carillon.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon;

/// <summary>Lets what is published in a <see cref="DbContext"/> be stored by its transactions.</summary>
public static class CarillonDbContextOptionsExtensions
{
    /// <summary>
    /// Lets the contexts publish: <see cref="DbContextPublishingExtensions.Publish"/> and
    /// <see cref="EventBusDbContextExtensions.BeginAsync{TContext}"/>. Call it after the database provider, in <c>AddDbContext</c>,
    /// <c>AddDbContextPool</c> or <c>AddDbContextFactory</c>.
    /// </summary>
    /// <param name="options">The options of the contexts.</param>
    /// <param name="services">The application's services, which hold the service that publishes.</param>
    /// <param name="service">The service that publishes, where the host runs several. Default: its only one.</param>
    public static DbContextOptionsBuilder UseCarillon(this DbContextOptionsBuilder options, IServiceProvider services, string? service = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(new CarillonOptionsExtension(services, service));
        return options;
    }

    /// <inheritdoc cref="UseCarillon"/>
    /// <typeparam name="TContext">The contexts' type.</typeparam>
    public static DbContextOptionsBuilder<TContext> UseCarillon<TContext>(
        this DbContextOptionsBuilder<TContext> options, IServiceProvider services, string? service = null)
        where TContext : DbContext
    {
        UseCarillon((DbContextOptionsBuilder)options, services, service);
        return options;
    }
}
