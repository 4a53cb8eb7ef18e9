namespace Carillon.InMemory;

/// <summary>Shares partitions evenly between receivers and moves as few as it can: each keeps its own up to its share.</summary>
internal static class PartitionAssignment
{
    public static void Share(InMemoryPartition[] partitions, InMemoryReceiver[] members)
    {
        var free = ShareOf(partitions.Length, members);
        foreach (var partition in partitions)
        {
            if (!TryTake(free, partition.Heir))
                partition.Heir = TryTake(free, partition.Owner) ? partition.Owner : null;
        }

        foreach (var partition in partitions.Where(partition => partition.Heir is null))
            partition.Heir = members.FirstOrDefault(member => TryTake(free, member));
    }

    private static Dictionary<InMemoryReceiver, int> ShareOf(int partitions, InMemoryReceiver[] members)
    {
        var shares = new Dictionary<InMemoryReceiver, int>();
        for (var index = 0; index < members.Length; index++)
            shares.Add(members[index], (partitions / members.Length) + (index < partitions % members.Length ? 1 : 0));
        return shares;
    }

    private static bool TryTake(Dictionary<InMemoryReceiver, int> free, InMemoryReceiver? member)
    {
        if (member is null || !free.TryGetValue(member, out var count) || count == 0)
            return false;
        free[member] = count - 1;
        return true;
    }
}
