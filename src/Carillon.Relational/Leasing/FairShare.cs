namespace Carillon.Relational;

/// <summary>How many partitions each instance should read.</summary>
internal static class FairShare
{
    /// <summary>The share of one instance: shares differ by one at most, and together they are all partitions.</summary>
    /// <param name="partitions">How many partitions there are.</param>
    /// <param name="instances">How many instances there are, at least 1.</param>
    /// <param name="index">Which instance, from 0, in an order that all agree on.</param>
    public static int Of(int partitions, int instances, int index) => (partitions / instances) + (index < partitions % instances ? 1 : 0);
}
