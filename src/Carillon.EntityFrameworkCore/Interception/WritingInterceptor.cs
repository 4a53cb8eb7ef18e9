using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore;

/// <summary>Refuses commands that write outside of the unit of work that the calling code runs in. Whoever only reads may do so wherever it likes.</summary>
/// <param name="find">Finds the unit of work; null where there is none.</param>
internal sealed class WritingInterceptor(Func<DbContext, SurroundingWork?> find) : DbCommandInterceptor
{
    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        if (FindWork(eventData) is { } work)
            work.RefuseWriting();
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(NonQueryExecuting(command, eventData, result));

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Reading(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ReaderExecuting(command, eventData, result));

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Reading(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ScalarExecuting(command, eventData, result));

    /// <summary>What returns rows may write them first: those of <c>SaveChanges</c>, or those of a statement of the user's.</summary>
    private void Reading(DbCommand command, CommandEventData eventData)
    {
        // What is translated from LINQ, or draws numbers of a sequence, writes nothing that a transaction could be about.
        if (eventData.CommandSource is CommandSource.LinqQuery or CommandSource.ValueGenerator || FindWork(eventData) is not { } work)
            return;
        if (eventData.CommandSource == CommandSource.SaveChanges || CommandText.Writes(command.CommandText))
            work.RefuseWriting();
    }

    private SurroundingWork? FindWork(CommandEventData eventData) => eventData.Context is { } context ? find(context) : null;
}
