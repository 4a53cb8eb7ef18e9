using Carillon.Durability;
using Carillon.Publishing;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Waits until the transaction of a handler can begin, however long that takes: waiting for a turn is no attempt. Says now and then in the
/// log that handlers wait, and why.
/// </summary>
internal sealed class TransactionTurn(string subscription, UnitsOfWork units, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private DateTimeOffset? _waitingSince;
    private DateTimeOffset _nextWarning;

    /// <summary>Begins a transaction of the service's store.</summary>
    /// <param name="patience">Ends the waiting.</param>
    /// <param name="cancellation">Ends it too.</param>
    /// <exception cref="OperationCanceledException">One of the two was cancelled before its turn came.</exception>
    public async ValueTask<IStoreTransaction> BeginAsync(CancellationToken patience, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience, cancellation);
        for (var pause = ShortestPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var transaction = await units.BeginTransactionAsync(either.Token);
                lock (_gate)
                    _waitingSince = null;
                return transaction;
            }
            catch (UnitOfWorkNotBegunException reason)
            {
                Warn(reason);
                await Task.Delay(pause, time, either.Token);
            }
        }
    }

    private void Warn(Exception reason)
    {
        DateTimeOffset since;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            since = _waitingSince ??= now;
            if (now < _nextWarning)
                return;
            _nextWarning = now + BetweenWarnings;
        }

        SubscribingLog.WaitingToBegin(logger, subscription, since, reason);
    }
}
