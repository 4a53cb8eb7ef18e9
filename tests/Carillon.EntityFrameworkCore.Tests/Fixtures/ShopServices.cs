using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Adds the contexts of a shop that publish.</summary>
internal static class ShopServices
{
    public static void AddShop(this IServiceCollection services, Action<DbContextOptionsBuilder> configure) =>
        services.AddDbContext<ShopContext>((provider, options) =>
        {
            configure(options);
            options.UseCarillon(provider);
        });
}
