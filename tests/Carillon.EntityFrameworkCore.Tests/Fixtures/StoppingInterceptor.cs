using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Stops a save before it begins, as interceptors of applications do.</summary>
internal sealed class StoppingInterceptor : SaveChangesInterceptor
{
    /// <summary>The next saves throw.</summary>
    public bool Throws { get; set; }

    /// <summary>The next saves are not done, and reported as done.</summary>
    public bool Suppresses { get; set; }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (Throws)
            throw new TransientException();
        return Suppresses ? InterceptionResult<int>.SuppressWithResult(1) : result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavingChanges(eventData, result));
}
