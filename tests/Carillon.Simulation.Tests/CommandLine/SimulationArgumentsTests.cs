using Carillon.Simulations.CommandLine;
using Carillon.Testing;

namespace Carillon.Simulations.Tests.CommandLine;

public sealed class SimulationArgumentsTests
{
    [Fact]
    public void Parse_ShouldReadEverything_WhenAllIsSaid()
    {
        var arguments = SimulationArguments.Parse(["--seeds", "7", "--from", "18000000000", "--fault", "crash,ClockSkew", "--threads", "3", "--twice"]);

        Assert.Equal((7, 18_000_000_000UL, FaultKinds.Crash | FaultKinds.ClockSkew, 3, true, false),
            (arguments.Seeds, arguments.From, arguments.Faults, arguments.Threads, arguments.IsTwice, arguments.IsTraced));
    }

    [Fact]
    public void Parse_ShouldMeanOneSeed_WhenOneIsNamed()
    {
        var arguments = SimulationArguments.Parse(["--seed", "42", "--trace"]);

        Assert.Equal((1, 42UL, true), (arguments.Seeds, arguments.From, arguments.IsTraced));
    }

    [Theory]
    [InlineData("--seeds", "none")]
    [InlineData("--seeds", "0")]
    [InlineData("--seed")]
    [InlineData("--fault", "crash,earthquake")]
    [InlineData("--fault", "3")]
    [InlineData("--unknown")]
    public void Parse_ShouldRefuse_WhenItMeansNothing(params string[] words) =>
        Assert.Throws<FormatException>(() => SimulationArguments.Parse(words));
}
