using Microsoft.Extensions.Logging;

namespace Carillon.Relational;

/// <summary>Keeps the history within its age and size, a few messages at a time so that nobody waits for it.</summary>
internal sealed class RetentionWorker(Database database, TimeSpan inboxAge, Func<int, WriteOperation<RetentionOutcome>> createChunk, ILogger logger)
{
    private const int ChunkMessages = 500;

    /// <summary>Removes what is to be removed now.</summary>
    public async Task<long> RunAsync(CancellationToken cancellation)
    {
        var removed = 0L;
        while (await database.WriteAsync(new InboxRetention(inboxAge, ChunkMessages), cancellation) > 0)
        {
            // There may be more than fits into one chunk.
        }

        while (true)
        {
            var outcome = await database.WriteAsync(createChunk(ChunkMessages), cancellation);
            removed += outcome.Removed;
            if (outcome.Removed > 0)
                continue;
            if (outcome.Hold is { } hold && !hold.IsLike(database.RetentionHold))
                logger.RetentionHeld(ErrorCodes.RetentionHeld, database.Name, hold.ToString());
            database.RetentionHold = outcome.Hold;
            return removed;
        }
    }
}
