using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// The execution strategy of a context that may work in a unit of work of Carillon's. There it runs everything once: a part of a transaction cannot
/// be tried again, and the whole of it is tried again with the handler.
/// </summary>
internal sealed class JoinedExecutionStrategy(IExecutionStrategy provider, ContextOutbox outbox, ICurrentDbContext current) : IExecutionStrategy
{
    // Queries are compiled with the answer and kept for all contexts, so it must not change.
    public bool RetriesOnFailure => provider.RetriesOnFailure;

    private bool IsJoined => provider.RetriesOnFailure && outbox.IsJoined;

    public TResult Execute<TState, TResult>(
        TState state, Func<DbContext, TState, TResult> operation, Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded) =>
        IsJoined ? operation(current.Context, state) : provider.Execute(state, operation, verifySucceeded);

    public Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default) =>
        IsJoined ? operation(current.Context, state, cancellationToken) : provider.ExecuteAsync(state, operation, verifySucceeded, cancellationToken);
}
