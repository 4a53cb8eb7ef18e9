using System.Runtime.CompilerServices;
using Carillon.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Carillon;

/// <summary>Begins units of work on a <see cref="DbContext"/>.</summary>
public static class EventBusDbContextExtensions
{
    /// <summary>
    /// Begins a unit of work on a transaction of the context: what any bus publishes until it is disposed, by this code and what it calls, is
    /// stored with the context's rows. Its commit saves the changes of the context and commits the transaction.
    /// </summary>
    /// <param name="bus">The bus of the service that the context publishes for.</param>
    /// <param name="context">The context. Its options say <c>UseCarillon</c>.</param>
    /// <param name="cancellation">Gives up waiting for the transaction.</param>
    /// <param name="caller">Written by the compiler: the method that begins it, which the health check names when nobody disposes it.</param>
    /// <param name="line">Written by the compiler: where in its file.</param>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the options of the context lack <c>UseCarillon</c>, it has a transaction already, or there is a
    /// unit of work already.
    /// </exception>
    /// <remarks>With an execution strategy that retries, call it inside <c>Database.CreateExecutionStrategy().ExecuteAsync</c>, like any transaction.</remarks>
    // Not an async method: only so does the caller's own flow enter the unit of work.
    public static ValueTask<IUnitOfWork> BeginAsync<TContext>(
        this IEventBus bus, TContext context, CancellationToken cancellation = default, [CallerMemberName] string caller = "", [CallerLineNumber] int line = 0)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            return new ContextUnitOfWork(context, ContextOutbox.Of(context), caller, line).BeginAsync(cancellation);
        }
        catch (CarillonException exception)
        {
            return ValueTask.FromException<IUnitOfWork>(exception);
        }
    }
}
