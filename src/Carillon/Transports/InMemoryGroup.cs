namespace Carillon.Transports;

/// <summary>
/// The receivers of one subscription and who of them owns which partition. A partition moves in two steps: its owner lets go when
/// nothing of it is being handled any more, then its heir takes it over.
/// </summary>
internal sealed class InMemoryGroup(Lock gate, InMemoryPartition[] partitions)
{
    private readonly List<InMemoryReceiver> _members = [];

    public void Join(InMemoryReceiver receiver)
    {
        lock (gate)
            _members.Add(receiver);
        Reassign();
    }

    /// <summary>Takes a receiver out, with everything that it still holds. Others may go on at once.</summary>
    public void Leave(InMemoryReceiver receiver)
    {
        lock (gate)
        {
            _members.Remove(receiver);
            foreach (var partition in partitions)
            {
                if (partition.Owner == receiver)
                    LetGo(partition);
            }
        }

        Reassign();
    }

    /// <summary>The partitions that a receiver owns and somebody else is to have.</summary>
    public IReadOnlyList<int> FindLost(InMemoryReceiver receiver)
    {
        lock (gate)
            return [.. partitions.Where(partition => partition.Owner == receiver && partition.Heir != receiver).Select(partition => partition.Number)];
    }

    /// <summary>The owner lets go of partitions. What is still in its hands is handed over again by the heirs.</summary>
    public void Release(IReadOnlyList<int> numbers)
    {
        lock (gate)
        {
            foreach (var number in numbers)
                LetGo(partitions[number]);
        }

        Reassign();
    }

    /// <summary>Takes over the partitions that a receiver is to have and that nobody owns any more.</summary>
    public IReadOnlyList<int> TakeOver(InMemoryReceiver receiver)
    {
        lock (gate)
        {
            var free = partitions.Where(partition => partition.Owner is null && partition.Heir == receiver).ToArray();
            foreach (var partition in free)
                partition.Owner = receiver;
            return [.. free.Select(partition => partition.Number)];
        }
    }

    private static void LetGo(InMemoryPartition partition)
    {
        partition.ReturnAll();
        partition.Owner = null;
    }

    private void Reassign()
    {
        InMemoryReceiver[] members;
        lock (gate)
        {
            members = [.. _members];
            PartitionAssignment.Share(partitions, members);
        }

        foreach (var member in members)
            member.Disturb();
    }
}
