namespace Carillon.Relational;

/// <summary>
/// A writer of a database in this process: whatever is queued is committed together. An operation that fails is tried again alone, so
/// that it takes no other with it.
/// </summary>
internal abstract class GroupWriter(WriteQueue queue)
{
    /// <summary>How often an operation is tried that fails for now.</summary>
    public const int AttemptsMax = 5;

    /// <summary>Writes until the queue is closed and empty.</summary>
    public async Task RunAsync()
    {
        await Task.Yield();
        var group = new List<WriteOperation>();
        while (await queue.WaitAsync())
        {
            queue.Take(group);
            while (group.Count > 0)
                await WriteAsync(group);
            // Those who were waiting go on first: what they write next shares the next commit.
            await Task.Yield();
        }

        await CloseAsync();
    }

    /// <summary>
    /// Runs operations from the first on in one transaction, commits, completes them, takes them out of the group and wakes who waits. What it leaves in
    /// the group is written next.
    /// </summary>
    /// <returns>Why nothing was written, or null.</returns>
    protected abstract Task<StorageFailedException?> TryWriteAsync(List<WriteOperation> group);

    /// <summary>Lets go of what it holds: nothing more is written.</summary>
    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    private async Task WriteAsync(List<WriteOperation> group)
    {
        if (await TryWriteAsync(group) is not { } failure)
            return;
        if (failure.IsOutcomeUnknown || failure.ConcernsAll || (group.Count == 1 && !failure.IsTransient))
        {
            foreach (var operation in group)
                operation.Fail(failure.ForCaller);
        }
        else
        {
            foreach (var operation in group)
                await WriteAloneAsync(operation);
        }

        group.Clear();
    }

    private async Task WriteAloneAsync(WriteOperation operation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await TryWriteAsync([operation]) is not { } failure)
                return;
            if (failure is { IsTransient: true, IsOutcomeUnknown: false, ConcernsAll: false } && attempt < AttemptsMax)
                continue;
            operation.Fail(failure.ForCaller);
            return;
        }
    }
}
