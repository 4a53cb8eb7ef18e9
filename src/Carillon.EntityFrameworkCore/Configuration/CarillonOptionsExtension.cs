using Carillon.Durability;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore;

/// <summary>What the options of a context know of Carillon: which service publishes, and what is added to the context's own services.</summary>
internal sealed class CarillonOptionsExtension(IServiceProvider application, string? service) : IDbContextOptionsExtension, IPublisherOptions
{
    private DbContextOptionsExtensionInfo? _info;
    private PublishingService? _publisher;
    private IUnitOfWorkStore? _store;

    public DbContextOptionsExtensionInfo Info => _info ??= new Description(this);

    public PublishingService Publisher => _publisher ??= PublishingService.Find(application, service);

    public IUnitOfWorkStore? Store => _store ??= PublishingService.FindStore(application, service);

    public void ApplyServices(IServiceCollection services)
    {
        services.AddScoped<ContextOutbox>();
        services.AddScoped<IResettableService>(static provider => provider.GetRequiredService<ContextOutbox>());
        services.AddSingleton<IInterceptor, OutboxSaveChangesInterceptor>();
        services.AddSingleton<IInterceptor, OutboxTransactionInterceptor>();
        services.AddSingleton<IInterceptor, StoreConnectionInterceptor>();
        services.AddSingleton<IInterceptor>(new WritingInterceptor(static context => ContextOutbox.Of(context).FindWork()));
        Wrap<IBatchExecutor>(services, static (provider, found) => new SavingBatchExecutor(provider, found.GetRequiredService<ContextOutbox>()));
        Wrap<IExecutionStrategyFactory>(services, static (provider, found) => new JoinedExecutionStrategyFactory(
            provider, found.GetRequiredService<ContextOutbox>(), found.GetRequiredService<ICurrentDbContext>()));
        Wrap<IMigrationsModelDiffer>(services, static (provider, _) => new CarillonModelDiffer(provider));
    }

    public void Validate(IDbContextOptions options)
    {
        if (options.FindExtension<CoreOptionsExtension>() is { InternalServiceProvider: not null })
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                "UseCarillon adds services of its own to a DbContext, which UseInternalServiceProvider keeps out: remove UseInternalServiceProvider.");
        }

        // What is added here wraps what the provider adds.
        if (options.Extensions.SkipWhile(extension => extension != this).Any(extension => extension.Info.IsDatabaseProvider))
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                "UseCarillon must come after the database provider in the options of a DbContext, as in options.UseSqlite(…).UseCarillon(provider).");
        }
    }

    /// <summary>Puts a service of Carillon's before one of the database provider.</summary>
    private static void Wrap<TService>(IServiceCollection services, Func<TService, IServiceProvider, TService> wrap)
        where TService : class
    {
        if (services.LastOrDefault(static service => service.ServiceType == typeof(TService)) is not { ImplementationType: { } provider } wrapped)
            return;
        services.Add(new ServiceDescriptor(provider, provider, wrapped.Lifetime));
        services.Add(new ServiceDescriptor(typeof(TService), found => wrap((TService)found.GetRequiredService(provider), found), wrapped.Lifetime));
    }

    /// <summary>What Entity Framework Core wants to know of the extension: contexts of every service share their internal services.</summary>
    private sealed class Description(CarillonOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => "using Carillon ";

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is Description;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["Carillon"] = "1";
    }
}
