using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Parking;

/// <summary>The parking of a subscription that owns its partitions.</summary>
internal static class TestParking
{
    private static readonly string[] _partitions = ["0", "1", "2", "3", "7"];

    /// <summary>Makes it, and gives it the partitions 0, 1, 2, 3 and 7 of a store that answers at once.</summary>
    public static SubscriptionParking Open(string subscription, IParkingStore store, SubscriptionOptions options, TimeProvider time, ILogger logger, HandledMessages? handles = null)
    {
        var parking = Make(subscription, store, options, time, logger, handles);
        var assigning = parking.Partitions.AssignAsync([.. _partitions.Select(static partition => new AssignedPartition(partition))], CancellationToken.None);
        Assert.True(assigning.IsCompletedSuccessfully);
        return parking;
    }

    /// <summary>Assigns partitions and takes them over.</summary>
    public static ValueTask AssignAsync(this PartitionOwnership ownership, IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        ownership.Assign(partitions);
        return ownership.TakeOverAsync(partitions, cancellation);
    }

    /// <summary>Makes it, without partitions.</summary>
    public static SubscriptionParking Make(
        string subscription, IParkingStore store, SubscriptionOptions options, TimeProvider time, ILogger logger, HandledMessages? handles = null)
    {
        var writing = new RecurringFailure(time);
        var partitions = new PartitionOwnership(subscription, store, handles ?? HandledMessages.Everything, writing, time, logger);
        var schedule = new RetrySchedule(options, new Backoff(options.Retries, new Random(1)));
        return new SubscriptionParking(subscription, store, partitions, new ParkingWriter(subscription, partitions, writing, time, logger), schedule, stopped: null, time, logger);
    }

    /// <summary>Parks messages by the right of a subscription's present owner.</summary>
    public static async Task ParkAsync(this IParkingStore store, SubscriptionParking owner, params ParkedMessage[] messages)
    {
        foreach (var group in messages.GroupBy(message => message.Partition))
            await store.ParkAsync(owner.Partitions.OwnerOf(group.Key), [.. group], TestContext.Current.CancellationToken);
    }

    /// <summary>Claims by the right of a subscription's present owner.</summary>
    public static ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(this IParkingStore store, SubscriptionParking owner, int ofKey = 1) =>
        store.ClaimAsync(new ParkingClaim(owner.Partitions.Owners, 100, ofKey), TestContext.Current.CancellationToken);

    /// <summary>A parked message on its way through its lane, alone.</summary>
    public static ParkedDelivery Deliver(ParkedMessage parked) => new(parked, new ParkedRun(static _ => { }));
}
