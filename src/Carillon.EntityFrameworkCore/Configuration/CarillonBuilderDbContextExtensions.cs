using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon.EntityFrameworkCore;

/// <summary>Called by the generated <c>AddHandlers</c> of projects that refer to Carillon.EntityFrameworkCore.</summary>
public static class CarillonBuilderDbContextExtensions
{
    /// <summary>
    /// Refuses, with <see cref="ErrorCodes.InvalidUnitOfWork"/>, what a <see cref="DbContext"/> on the store's database would write outside of the unit of work of the calling code, also where its options
    /// lack <c>UseCarillon</c>: its rows would be committed by themselves, and again with each attempt. Reading stays allowed.
    /// </summary>
    /// <remarks>
    /// Holds for all contexts that the services of the host make, with <c>AddDbContext</c>, <c>AddDbContextPool</c> or a factory, whether they were added before or after. Not seen are contexts
    /// made by hand with options of their own, commands on connections that are taken from a context or opened by hand, functions that write and are called by a query, and savepoints of contexts
    /// without <c>UseCarillon</c>. Call it where all handlers are added by hand and none by <c>AddHandlers</c>; more than once does no harm.
    /// </remarks>
    /// <param name="carillon">The service.</param>
    /// <returns>The same builder.</returns>
    public static ICarillonBuilder RefuseOutsideContexts(this ICarillonBuilder carillon)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        carillon.Services.TryAddSingleton<OutsideContexts>();
        carillon.Services.TryAddEnumerable(ServiceDescriptor.Singleton(typeof(IDbContextOptionsConfiguration<>), typeof(OutsideContextConfiguration<>)));
        return carillon;
    }
}
