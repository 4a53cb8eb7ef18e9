using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks;

/// <summary>How the shop comes by its contexts: a new one each time, or one of a pool.</summary>
public static class ShopContexts
{
    public static string Name(bool isPooled) => isPooled ? "pooled contexts" : "contexts";

    public static IServiceCollection AddShopContexts(
        this IServiceCollection services, bool isPooled, Action<IServiceProvider, DbContextOptionsBuilder> configure) =>
        isPooled ? services.AddDbContextPool<ShopContext>(configure) : services.AddDbContext<ShopContext>(configure);
}
