using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore;

/// <summary>Called by generated code: lets handlers take a <see cref="DbContext"/>.</summary>
public static class EventContextDbContextExtensions
{
    /// <summary>Takes the context from the services of the run and lets it work in the unit of work of the handler.</summary>
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
        return JoinedDbContext<TContext>.JoinAsync(context.Services.GetRequiredService<TContext>(), context.UnitOfWork, cancellation);
    }
}
