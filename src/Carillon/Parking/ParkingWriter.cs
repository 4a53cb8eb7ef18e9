using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Parking;

/// <summary>
/// Writes to the store of parked messages by the right of a partition's owner. A write that fails is tried again until it succeeds or is given up: an outage of
/// the store is nobody's failed attempt, and a message is never finished unparked.
/// </summary>
internal sealed class ParkingWriter(string subscription, PartitionOwnership partitions, RecurringFailure writing, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Says what is wrong with writing.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth() =>
        FailureFinding.Of(writing, $"Messages of {subscription} cannot be parked or released", time.GetUtcNow()) is { } finding ? [finding] : [];

    /// <summary>Writes about one message of a partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="message">The message.</param>
    /// <param name="write">Writes; called again when it fails.</param>
    /// <param name="cancellation">Gives up. Nobody knows whether it was written then.</param>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.PartitionTakenOver"/>: the partition has another owner, and nothing was written.</exception>
    public async ValueTask<T> WriteAsync<T>(string partition, EventId message, Func<ParkingOwner, ValueTask<T>> write, CancellationToken cancellation)
    {
        for (var failures = 1; ; failures++)
        {
            var owner = partitions.OwnerOf(partition);
            try
            {
                var answer = await write(owner);
                if (writing.Succeeded() is { } over)
                    DeadLetterLog.StoreAgain(logger, subscription, over.Over);
                return answer;
            }
            catch (Exception error) when (PartitionTakenOver.Says(error))
            {
                if (!await partitions.IsReplacedAsync(owner))
                    throw;
            }
            catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                if (writing.Failed(error) is { } notice)
                    DeadLetterLog.StoreFailed(logger, message, subscription, notice.While, error);
                var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures, 10)));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellation);
            }
        }
    }
}
