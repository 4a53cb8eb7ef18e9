using Carillon.Transports;
namespace Carillon.Sqlite.Tests;

public sealed class FairShareTests
{
    [Fact]
    public void Of_ShouldGiveEverythingAwayEvenly_WhenInstancesAreMany()
    {
        for (var partitions = 1; partitions <= 64; partitions++)
        {
            for (var instances = 1; instances <= 70; instances++)
            {
                var shares = Enumerable.Range(0, instances).Select(index => PartitionSharing.FairShare(partitions, instances, index)).ToList();
                Assert.Equal(partitions, shares.Sum());
                Assert.True(shares.Max() - shares.Min() <= 1);
            }
        }
    }
}
