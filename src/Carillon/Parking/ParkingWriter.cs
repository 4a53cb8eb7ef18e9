using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Parking;

/// <summary>
/// Writes to the store of parked messages by the right of a partition's owner. A write that fails is tried again until it succeeds or is given up: an outage of
/// the store is nobody's failed attempt, and a message is never finished unparked. Who has to try again lends its place meanwhile, if it has one.
/// </summary>
internal sealed class ParkingWriter(
    string subscription, PartitionOwnership partitions, RecurringFailure writing, TimeProvider time, ILogger logger, IWorkingPlace? place = null)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>The same for somebody who has a place to lend.</summary>
    public ParkingWriter In(IWorkingPlace? of) => new(subscription, partitions, writing, time, logger, of);

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
        var first = await TryWriteAsync(partition, message, write, cancellation);
        if (first.IsWritten)
            return first.Answer!;
        return await (place is null ? RepeatAsync(cancellation) : place.WaitAsync(RepeatAsync, cancellation));

        async ValueTask<T> RepeatAsync(CancellationToken given)
        {
            for (var failures = 1; ; failures++)
            {
                var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures, 10)));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, time, given);
                var again = await TryWriteAsync(partition, message, write, given);
                if (again.IsWritten)
                    return again.Answer!;
            }
        }
    }

    private async ValueTask<(bool IsWritten, T? Answer)> TryWriteAsync<T>(
        string partition, EventId message, Func<ParkingOwner, ValueTask<T>> write, CancellationToken cancellation)
    {
        while (true)
        {
            var owner = partitions.OwnerOf(partition);
            try
            {
                var answer = await write(owner);
                if (writing.Succeeded() is { } over)
                    DeadLetterLog.StoreAgain(logger, subscription, over.Over);
                return (true, answer);
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
                return default;
            }
        }
    }
}
