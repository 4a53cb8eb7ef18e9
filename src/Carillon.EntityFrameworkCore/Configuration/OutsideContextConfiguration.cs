using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>Has a look at each context that the services of a host make, however it was added.</summary>
/// <typeparam name="TContext">The context's type.</typeparam>
internal sealed class OutsideContextConfiguration<TContext>(OutsideContexts contexts) : IDbContextOptionsConfiguration<TContext>
    where TContext : DbContext
{
    public void Configure(IServiceProvider serviceProvider, DbContextOptionsBuilder optionsBuilder) => optionsBuilder.AddInterceptors(contexts.Interceptors);
}
