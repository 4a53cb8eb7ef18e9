using System.Globalization;
using FsCheck;
using Microsoft.FSharp.Core;

namespace Carillon.Properties.Tests.Running;

/// <summary>What the environment says about how properties are run.</summary>
internal static class TestSettings
{
    public const string CasesVariable = "CARILLON_TEST_CASES";
    public const string SeedVariable = "CARILLON_TEST_SEED";
    private const int DefaultCases = 200;

    /// <summary>How many cases an ordinary property tries. Default 200; the long form takes 10000.</summary>
    public static int Cases { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(CasesVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var cases) ? cases : DefaultCases;

    /// <summary>The one case to run again, or null to run cases that nobody has seen before.</summary>
    public static Replay? Replay { get; } = Parse(Environment.GetEnvironmentVariable(SeedVariable));

    /// <summary>What the environment has to say for a case to be run again.</summary>
    public static string Describe(Rnd random, int size) => string.Create(CultureInfo.InvariantCulture, $"{SeedVariable}={random.Seed},{random.Gamma},{size}");

    public static Replay? Parse(string? seed)
    {
        if (string.IsNullOrEmpty(seed))
            return null;
        var parts = seed.Split(',');
        if (parts.Length == 3
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var gamma)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return new Replay(new Rnd(start, gamma), FSharpOption<int>.Some(size));
        throw new FormatException($"{SeedVariable} is \"{seed}\", but must be what a failed property has printed: three numbers with commas in between.");
    }
}
