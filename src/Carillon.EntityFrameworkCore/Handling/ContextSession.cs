using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// Whether a context does the same on the connection of a unit of work as on its own. Settings cannot be changed there: Carillon's own statements come
/// after the handler's.
/// </summary>
internal static class ContextSession
{
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: it does not, or nobody can know.</exception>
    public static void Demand(DbContext context, RelationalOptionsExtension configured, DbConnection work)
    {
        if (Objection(context, configured, context.Database.GetDbConnection(), work) is { } objection)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{context.GetType().Name} cannot work in the unit of work of this handler: {objection}. A handler that takes a DbContext needs it on the database of the service's store, with the same connection string.");
        }
    }

    private static string? Objection(DbContext context, RelationalOptionsExtension configured, DbConnection own, DbConnection work)
    {
        if (own.GetType() != work.GetType())
            return $"it is configured for {own.GetType().Name} \"{own.Database}\", and the unit of work is on {work.GetType().Name} \"{work.Database}\"";
        if (SessionSetting.Difference(own, work) is { } difference)
            return $"its connection string is not that of the store, because {difference}";
        if (configured.Connection is not null || own.State != ConnectionState.Closed)
            return "it has an open connection, or one that it was given, whose settings and functions are not those of the unit of work. Configure it with a connection string";
        if (context.Database.CreateExecutionStrategy() is { RetriesOnFailure: true } and not JoinedExecutionStrategy)
            return "its execution strategy retries, and refuses transactions that it did not begin. Add .UseCarillon(provider) to its options, and it leaves retries to the handler";
        return OtherInterceptors.FindPreparing(context) is { } interceptor
            ? $"{interceptor.Name} prepares its connections, and that of the unit of work is open already. Say in the connection string of both what it does, or do it in the handler for the transaction alone, as in SET LOCAL"
            : null;
    }
}
