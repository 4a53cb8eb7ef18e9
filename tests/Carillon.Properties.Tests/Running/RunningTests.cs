using FsCheck.Fluent;
using Xunit.Sdk;

namespace Carillon.Properties.Tests.Running;

/// <summary>That properties which do not hold are found, made small, and found again.</summary>
public sealed class RunningTests
{
    [Fact]
    public void Holds_ShouldShowSmallestCase_WhenClaimIsWrong()
    {
        var cases = Gen.Choose(0, 1000).ArrayOf();

        var failure = Assert.Throws<XunitException>(() => Always.Holds(
            cases, numbers => Assert.DoesNotContain(numbers, number => number > 10), numbers => Smaller.Sequences(numbers, number => Smaller.Numbers(number).Select(smaller => (int)smaller))));

        Assert.Contains($"[11]{Environment.NewLine}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(TestSettings.SeedVariable, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HoldsAsync_ShouldFail_WhenClaimFailsLater() => await Assert.ThrowsAsync<XunitException>(() => Always.HoldsAsync(
        Gen.Choose(0, 10),
        async number =>
        {
            await Task.Yield();
            Assert.NotInRange(number, 0, 10);
        }));

    [Fact]
    public void Parse_ShouldGiveTheSameSeed_WhenItWasPrinted()
    {
        var printed = TestSettings.Describe(new FsCheck.Rnd(17, 19), 42);

        var replay = TestSettings.Parse(printed.Split('=')[1]);

        Assert.Equal((17ul, 19ul, 42), (replay!.Rnd.Seed, replay.Rnd.Gamma, replay.Size.Value));
    }

    [Theory]
    [InlineData("17")]
    [InlineData("1,2,x")]
    public void Parse_ShouldThrow_WhenSeedIsNoneThatWasPrinted(string seed) => Assert.Throws<FormatException>(() => TestSettings.Parse(seed));
}
