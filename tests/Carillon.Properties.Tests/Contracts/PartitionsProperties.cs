using System.Numerics;
using System.Text;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Transports;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Contracts;

public sealed class PartitionsProperties
{
    [Fact]
    public void Of_ShouldBeTheHashAsItIsWrittenDown_WhenKeyIsAnything() => Always.Holds(
        from key in Texts.Wild from count in Gen.Choose(1, 64) select (Key: key ?? "", Count: count),
        given =>
        {
            var partition = Partitions.Of(given.Key, given.Count);
            Assert.InRange(partition, 0, given.Count - 1);
            Assert.Equal(partition, Partitions.Of(new string(given.Key), given.Count));
            Assert.Equal((int)(Fnv1A(given.Key) % given.Count), partition);
        },
        given => Smaller.Texts(given.Key).Select(key => (key, given.Count)));

    // FNV-1a of 32 bits, in numbers without bounds.
    private static BigInteger Fnv1A(string key) =>
        Encoding.UTF8.GetBytes(key).Aggregate(new BigInteger(2166136261), (hash, next) => (hash ^ next) * 16777619 % BigInteger.Pow(2, 32));
}
