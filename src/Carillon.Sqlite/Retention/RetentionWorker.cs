using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>Keeps the history within its age and size, a few messages at a time so that nobody waits for it.</summary>
internal sealed class RetentionWorker(WriteQueue writes, SqliteOptions options, string path, ILogger logger)
{
    private const int ChunkMessages = 500;
    private string? _blockedBy;

    /// <summary>Removes what is to be removed now.</summary>
    public async Task<long> RunAsync(CancellationToken cancellation)
    {
        var removed = 0L;
        while (await writes.WriteAsync(new InboxRetention(options.InboxRetentionAge, ChunkMessages), cancellation) > 0)
        {
            // There may be more than fits into one chunk.
        }

        while (true)
        {
            var outcome = await writes.WriteAsync(new RetentionChunk(options.RetentionAge, options.RetentionSizeBytes, ChunkMessages), cancellation);
            removed += outcome.Removed;
            if (outcome.Removed > 0)
                continue;
            if (outcome.BlockedBy is { } subscription && subscription != _blockedBy)
                logger.RetentionBlocked(path, outcome.SizeBytes, subscription);
            _blockedBy = outcome.BlockedBy;
            return removed;
        }
    }
}
