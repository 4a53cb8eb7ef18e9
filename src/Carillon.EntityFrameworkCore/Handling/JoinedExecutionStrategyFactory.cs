using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore;

/// <summary>Creates execution strategies that work in units of work too.</summary>
internal sealed class JoinedExecutionStrategyFactory(IExecutionStrategyFactory provider, ContextOutbox outbox, ICurrentDbContext current) : IExecutionStrategyFactory
{
    public IExecutionStrategy Create() => new JoinedExecutionStrategy(provider.Create(), outbox, current);
}
