using System.Diagnostics.CodeAnalysis;
using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Leaves to other living instances what they handle and this one does not: such a message is neither finished nor set aside here, and its partition
/// goes to one of them.
/// </summary>
internal sealed class OtherInstances(string subscription, ITransportReceiver receiver, PartitionOwnership ownership, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private readonly RecurringFailure _asking = new(time);

    /// <summary>Leaves a message, if another instance is for it or that cannot be found out. It stays as it is, and its lane waits until it is taken away or asks again.</summary>
    /// <param name="delivery">A message that nobody has begun with here.</param>
    /// <param name="patience">Ends the waiting: the lane was taken away.</param>
    /// <returns>Whether it was left, or waits for the return of an instance that handles it; otherwise it is for nobody else.</returns>
    public async ValueTask<bool> TryLeaveAsync(Delivery delivery, CancellationToken patience)
    {
        if (RoutedType.Of(delivery.Envelope) is not { } message || ownership.Handles.Contains(message))
            return false;
        if (await IsElsewhereAsync(delivery.Partition, message, patience) == false && !receiver.IsForAnother(message))
            return false;
        await Task.Delay(Pause, time, patience);
        return true;
    }

    /// <summary>Whether another instance that lives or may come back is to handle a message.</summary>
    public bool AreFor(Delivery delivery) => RoutedType.Of(delivery.Envelope) is { } message && receiver.IsForAnother(message);

    /// <summary>Looks now and then, until cancelled, whether somebody has come who handles what waits: the partitions of that go there.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(LookInterval, time, stopping);
                foreach (var (message, partitions) in ownership.Waiting.All)
                    await LeaveAsync(message, partitions, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It is stopped.
        }
    }

    private async ValueTask LeaveAsync(RoutedType message, IReadOnlyList<string> partitions, CancellationToken stopping)
    {
        foreach (var partition in partitions)
        {
            if (await IsElsewhereAsync(partition, message, stopping) != true)
                return;
        }
    }

    /// <returns>Null while it cannot be found out.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps the transport from answering, the message stays as it is.")]
    private async ValueTask<bool?> IsElsewhereAsync(string partition, RoutedType message, CancellationToken cancellation)
    {
        try
        {
            var isElsewhere = await receiver.LeaveAsync(partition, message, cancellation);
            _asking.Succeeded();
            return isElsewhere;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            if (_asking.Failed(error) is { } notice)
                SubscribingLog.OthersUnknown(logger, subscription, notice.While, error);
            return null;
        }
    }
}
