namespace Carillon.Testing.Logs;

/// <summary>How many partitions each instance should have.</summary>
internal static class FairShare
{
    /// <summary>The share of one of several instances: shares differ by one at most, and together they are all partitions.</summary>
    public static int Of(int partitions, int instances, int index) => (partitions / instances) + (index < partitions % instances ? 1 : 0);
}
