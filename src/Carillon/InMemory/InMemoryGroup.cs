using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>
/// The receivers of one subscription and who of them owns which partition. A partition moves in two steps: its owner lets go when
/// nothing of it is being handled any more, then its heir takes it over.
/// </summary>
internal sealed class InMemoryGroup(Lock gate, InMemoryPartition[] partitions)
{
    private readonly List<InMemoryReceiver> _members = [];

    /// <summary>Whether anybody receives.</summary>
    public bool HasMembers
    {
        get
        {
            lock (gate)
                return _members.Count > 0;
        }
    }

    public void Join(InMemoryReceiver receiver)
    {
        lock (gate)
            _members.Add(receiver);
        Reassign();
    }

    /// <summary>Takes a receiver out, with everything that it still holds. Others may go on at once, except with what it has abandoned: it releases that later.</summary>
    public void Leave(InMemoryReceiver receiver, IReadOnlyCollection<string> abandoned)
    {
        lock (gate)
        {
            _members.Remove(receiver);
            foreach (var partition in partitions)
            {
                if (partition.Owner != receiver)
                    continue;
                partition.IsLeaving = true;
                if (!abandoned.Contains(Partitions.Name(partition.Number)))
                    LetGo(partition);
            }
        }

        Reassign();
    }

    /// <summary>
    /// Marks the partitions that a receiver owns and somebody else is to have: from then on nothing of them is handed over, until the receiver has let go.
    /// </summary>
    /// <returns>Those that were not marked before.</returns>
    public IReadOnlyList<int> BeginToLetGo(InMemoryReceiver receiver)
    {
        lock (gate)
        {
            var leaving = partitions.Where(partition => partition.Owner == receiver && partition.Heir != receiver && !partition.IsLeaving).ToArray();
            foreach (var partition in leaving)
                partition.IsLeaving = true;
            return [.. leaving.Select(partition => partition.Number)];
        }
    }

    /// <summary>The owner lets go of a partition of which nothing is in its hands any more.</summary>
    public void Release(InMemoryReceiver receiver, int number)
    {
        lock (gate)
        {
            if (partitions[number].Owner != receiver)
                return;
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
        partition.IsLeaving = false;
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
