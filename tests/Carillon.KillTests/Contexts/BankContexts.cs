using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.KillTests;

/// <summary>Adds the contexts of a process.</summary>
internal static class BankContexts
{
    /// <summary>Adds them, from a pool or one for each scope: which of the two follows from the seed of the process.</summary>
    public static void AddBank(this IServiceCollection services, int seed, string service, Action<DbContextOptionsBuilder> use)
    {
        if (int.IsEvenInteger(seed))
            services.AddDbContextPool<BankContext>(Configure);
        else
            services.AddDbContext<BankContext>(Configure);

        void Configure(IServiceProvider provider, DbContextOptionsBuilder options)
        {
            use(options);
            options.UseCarillon(provider, service).AddInterceptors(new ContextFailpoints());
        }
    }

    /// <summary>Builds the model and the first query, which would take longer than most processes live.</summary>
    public static async Task WarmUpAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        _ = await scope.ServiceProvider.GetRequiredService<BankContext>().Bookings.AnyAsync();
    }
}
