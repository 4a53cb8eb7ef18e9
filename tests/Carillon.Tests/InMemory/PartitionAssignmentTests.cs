using Carillon.InMemory;

namespace Carillon.Tests.InMemory;

/// <summary>Partitions are shared evenly, and whoever has one keeps it as long as that is even.</summary>
public sealed class PartitionAssignmentTests
{
    private readonly InMemorySubscription _subscription = new(InMemoryLine.Subscription("orders"), new InMemoryOptions());
    private readonly InMemoryPartition[] _partitions = [.. Enumerable.Range(0, 16).Select(number => new InMemoryPartition(number))];

    [Theory]
    [InlineData(1, new[] { 16 })]
    [InlineData(2, new[] { 8, 8 })]
    [InlineData(3, new[] { 6, 5, 5 })]
    [InlineData(5, new[] { 4, 3, 3, 3, 3 })]
    public void Share_ShouldGiveEachAsManyAsTheOthersOrOneMore_WhenNobodyHadAny(int members, int[] shares)
    {
        var receivers = Receivers(members);

        PartitionAssignment.Share(_partitions, receivers);

        Assert.Equal(shares, receivers.Select(HeirOf));
    }

    [Fact]
    public void Share_ShouldLeaveSomeWithNone_WhenThereAreMoreMembersThanPartitions()
    {
        var receivers = Receivers(18);

        PartitionAssignment.Share(_partitions, receivers);

        Assert.Equal([.. Enumerable.Repeat(1, 16), 0, 0], receivers.Select(HeirOf));
    }

    [Fact]
    public void Share_ShouldMoveNoMoreThanItMust_WhenAMemberJoinsAndAnotherLeaves()
    {
        var receivers = Receivers(4);
        PartitionAssignment.Share(_partitions, receivers[..3]);
        var before = _partitions.Select(partition => partition.Heir).ToArray();

        PartitionAssignment.Share(_partitions, receivers);

        Assert.Equal([4, 4, 4, 4], receivers.Select(HeirOf));
        Assert.Equal(4, _partitions.Zip(before).Count(pair => pair.First.Heir != pair.Second));

        before = [.. _partitions.Select(partition => partition.Heir)];
        PartitionAssignment.Share(_partitions, receivers[1..]);

        Assert.Equal([6, 5, 5], receivers[1..].Select(HeirOf));
        Assert.Equal(4, _partitions.Zip(before).Count(pair => pair.First.Heir != pair.Second));
    }

    [Fact]
    public void Share_ShouldLeaveAPartitionWithItsOwner_WhenTheOneItWasMeantForIsGone()
    {
        var receivers = Receivers(3);
        foreach (var partition in _partitions)
            (partition.Owner, partition.Heir) = (receivers[partition.Number % 2], receivers[2]);

        PartitionAssignment.Share(_partitions, receivers[..2]);

        Assert.All(_partitions, partition => Assert.Same(partition.Owner, partition.Heir));
    }

    private InMemoryReceiver[] Receivers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new InMemoryReceiver(_subscription, TimeSpan.FromSeconds(30), TimeProvider.System))];

    private int HeirOf(InMemoryReceiver receiver) => _partitions.Count(partition => partition.Heir == receiver);
}
