namespace Carillon.Transports;

/// <summary>
/// Who of several instances of a subscription reads which partition: fair shares among those that can do the same, and where several
/// versions of a service run, to each message an instance that can handle it. Every transport that shares partitions by itself follows
/// these rules; each instance applies them for itself, to one common state, under a lock.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>An instance <em>stands by</em>, and has no share, while another one lives that handles everything that it handles, and in
/// addition messages of which some have been met.</item>
/// <item>A free partition whose next message is a wanted one is taken by instances that handle it, also beyond their share, and by
/// others only when no living instance handles it. It is not given back before that message is finished.</item>
/// <item>Everything else is shared fairly among those that do not stand by.</item>
/// </list>
/// "Handles everything and more" is an order without circles, so there is always one that does not stand by.
/// </remarks>
public static class PartitionSharing
{
    /// <summary>What one instance is to do.</summary>
    /// <param name="instance">The instance; one of the members.</param>
    /// <param name="members">All living instances in a stable order.</param>
    /// <param name="met">Of which types and topics messages were met while an instance lived that does not handle them.</param>
    /// <param name="partitions">All partitions in a stable order.</param>
    public static PartitionShare Decide(
        string instance, IReadOnlyList<SubscriptionMember> members, IReadOnlyCollection<RoutedType> met, IReadOnlyList<SharedPartition> partitions)
    {
        var me = members.First(member => member.Instance == instance);
        int[] own = [.. Enumerable.Range(0, partitions.Count).Where(place => partitions[place].Owner == instance)];
        var readers = members.Where(member => !StandsBy(member, members, met)).ToList();
        var index = readers.IndexOf(me);
        if (index < 0)
            return new PartitionShare([], own, StandsBy: true);
        var share = FairShare(partitions.Count, readers.Count, index);
        var take = new List<int>();
        foreach (var place in Enumerable.Range(0, partitions.Count).Where(place => partitions[place].Owner is null).OrderBy(place => partitions[place].Wanted is null))
        {
            if (MayTake(me, partitions[place].Wanted, members, own.Length + take.Count < share))
                take.Add(place);
        }
        return new PartitionShare(take, [.. own.OrderBy(place => partitions[place].Wanted is null).Skip(share).Where(place => partitions[place].Wanted is null)], StandsBy: false);
    }

    /// <summary>How many of the partitions the instance at a place of a list of instances gets.</summary>
    public static int FairShare(int partitions, int instances, int index) => (partitions / instances) + (index < partitions % instances ? 1 : 0);

    private static bool StandsBy(SubscriptionMember member, IReadOnlyList<SubscriptionMember> members, IReadOnlyCollection<RoutedType> met) =>
        met.Any(message => !member.Handles.Contains(message) && members.Any(other => other.Handles.Contains(message) && other.Handles.Includes(member.Handles)));

    private static bool MayTake(SubscriptionMember me, RoutedType? wanted, IReadOnlyList<SubscriptionMember> members, bool hasRoom) =>
        wanted is not { } message || !members.Any(member => member.Handles.Contains(message)) ? hasRoom : me.Handles.Contains(message);
}
