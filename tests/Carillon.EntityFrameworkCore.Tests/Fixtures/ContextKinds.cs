using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>The ways to have contexts, by name.</summary>
public static class ContextKinds
{
    private static readonly Dictionary<string, Action<IServiceCollection, ShopDatabase>> All = new(StringComparer.Ordinal)
    {
        ["plain"] = (services, database) => services.AddDbContext<ParcelContext>(Of(database)),
        ["lazy loading"] = (services, database) => services.AddDbContext<ParcelContext>(Of(database, options => options.UseLazyLoadingProxies())),
        ["change tracking"] = (services, database) => services.AddDbContext<ParcelContext>(Of(database, options => options.UseChangeTrackingProxies())),
        ["compiled model"] = (services, database) => services.AddDbContext<ParcelContext>(Of(database, options => options.UseModel(CreateModel(database)))),
        ["pool and migrations"] = (services, database) => services.AddDbContextPool<ParcelContext>(Of(database), poolSize: 1),
        ["pooled factory and migrations"] = (services, database) => services.AddPooledDbContextFactory<ParcelContext>(Of(database)).AddScoped(Create),
        ["pool"] = (services, database) => services.AddDbContextPool<ParcelContext>(Of(database), poolSize: 1),
        ["factory"] = (services, database) => services.AddDbContextFactory<ParcelContext>(Of(database)).AddScoped(Create),
        ["pooled factory"] = (services, database) => services.AddPooledDbContextFactory<ParcelContext>(Of(database)).AddScoped(Create),
        ["schema by tenant"] = (services, database) => services.AddDbContext<ParcelContext, TenantParcelContext>(Of(database)),
        ["connection by tenant"] = (services, database) => services.AddDbContext<ParcelContext>((provider, options) =>
        {
            database.Use(options, database.HarmlessSetting);
            options.UseCarillon(provider);
        }),
    };

    /// <summary>Each of them, with both answers to a question.</summary>
    public static TheoryData<string, bool> Cases =>
        new(from kind in All.Keys from answer in (bool[])[true, false] select new TheoryDataRow<string, bool>(kind, answer));

    /// <summary>Whether the tables of a kind come from migrations.</summary>
    public static bool IsMigrated(string kind) => kind.EndsWith("migrations", StringComparison.Ordinal);

    /// <summary>Adds the contexts of a kind.</summary>
    public static void AddParcels(this IServiceCollection services, string kind, ShopDatabase database) => All[kind](services, database);

    private static Action<IServiceProvider, DbContextOptionsBuilder> Of(ShopDatabase database, Action<DbContextOptionsBuilder>? configure = null) => (provider, options) =>
    {
        database.Use(options);
        configure?.Invoke(options);
        options.UseCarillon(provider);
    };

    private static IModel CreateModel(ShopDatabase database)
    {
        var options = new DbContextOptionsBuilder<ParcelContext>();
        database.Use(options);
        return CompiledModels.Of(options, static made => new ParcelContext(made));
    }

    private static ParcelContext Create(IServiceProvider provider) => provider.GetRequiredService<IDbContextFactory<ParcelContext>>().CreateDbContext();
}
