using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;

namespace Carillon.EntityFrameworkCore;

/// <summary>Tells the outbox of a context when it writes what it saves: from here to the end, however that comes.</summary>
internal sealed class SavingBatchExecutor(IBatchExecutor provider, ContextOutbox outbox) : IBatchExecutor
{
    public int Execute(IEnumerable<ModificationCommandBatch> commandBatches, IRelationalConnection connection)
    {
        using (outbox.Save())
            return provider.Execute(commandBatches, connection);
    }

    public async Task<int> ExecuteAsync(
        IEnumerable<ModificationCommandBatch> commandBatches, IRelationalConnection connection, CancellationToken cancellationToken = default)
    {
        using (outbox.Save())
            return await provider.ExecuteAsync(commandBatches, connection, cancellationToken);
    }
}
