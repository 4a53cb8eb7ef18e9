using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore;

/// <summary>Called by generated code: lets handlers take a <see cref="DbContext"/>.</summary>
public static class EventContextDbContextExtensions
{
    /// <summary>
    /// Takes the context from the services of the run and lets it work in the unit of work of the handler. Where only an <see cref="IDbContextFactory{TContext}"/> is registered, such
    /// as that of <c>AddPooledDbContextFactory</c>, each handler rents a context for its run.
    /// </summary>
    /// <typeparam name="TContext">The context's type.</typeparam>
    /// <param name="context">The context of the run.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the handler runs in no unit of work, or the context is not configured like the service's
    /// store, or busy with a transaction of its own.
    /// </exception>
    public static ValueTask<JoinedDbContext<TContext>> JoinAsync<TContext>(this EventContext context, CancellationToken cancellation)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(context);
        var services = context.Services;
        return services.GetService<TContext>() is null && services.GetService<IDbContextFactory<TContext>>() is { } factory
            ? JoinedDbContext<TContext>.JoinAsync(factory, context.UnitOfWork, cancellation)
            : JoinedDbContext<TContext>.JoinAsync(services.GetRequiredService<TContext>(), context.UnitOfWork, cancellation);
    }
}
