using System.Text.RegularExpressions;
using Carillon.SourceGenerator.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Tests.Generation;

/// <summary>What is generated compiles in every version of C# that a project may choose, and says so where it cannot.</summary>
public sealed partial class LanguageVersionTests
{
    public static TheoryData<LanguageVersion> Supported => [.. Versions(version => version >= LanguageVersion.CSharp8)];

    public static TheoryData<LanguageVersion> TooOld => [.. Versions(version => version is >= LanguageVersion.CSharp6 and < LanguageVersion.CSharp8)];

    [Theory]
    [MemberData(nameof(Supported))]
    public void Generated_ShouldCompile_WhenTheProjectHasThisLanguage(LanguageVersion version)
    {
        var sources = LanguageSources.UpTo(version).ToArray();

        var run = GeneratorRun.Of(TestCompilation.CreateIn(version, sources)).AssertCompiles();

        var written = run.Result.GeneratedSources.Sum(file => Definition().Count(file.SourceText.ToString()));
        Assert.Equal(sources.Sum(source => Handler().Count(source)), written);
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void Manifest_ShouldBeTheSame_WhenTheProjectHasThisLanguage(LanguageVersion version) => Assert.Equal(
        ManifestIn(LanguageVersion.Latest), ManifestIn(version));

    [Theory]
    [MemberData(nameof(TooOld))]
    public async Task Project_ShouldBeCRL0019_WhenItsLanguageIsTooOld(LanguageVersion version)
    {
        var compilation = TestCompilation.CreateIn(version, LanguageSources.BeforeNullableTypes);

        var found = Assert.Single(await AnalyzerRun.AnalyzeAsync(GeneratorRun.Of(compilation).AssertCompiles().Output));

        Assert.Equal("CRL0019", found.Id);
        Assert.Contains($"C# {version.ToDisplayString()}", AnalyzerRun.MessageOf(found), StringComparison.Ordinal);
        Assert.Contains("needs C# 8.0", AnalyzerRun.MessageOf(found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Project_ShouldBeClean_WhenItsLanguageIsOldAndItHasContractsOnly() => AnalyzerRun.AssertNone(
        await AnalyzerRun.AnalyzeAsync(TestCompilation.CreateContractsIn(LanguageVersion.CSharp7_3, LanguageSources.BeforeNullableTypes)));

    private static string ManifestIn(LanguageVersion version)
    {
        var run = GeneratorRun.Of(TestCompilation.CreateIn(version, [.. LanguageSources.UpTo(LanguageVersion.CSharp8)]));
        return (string)((IFieldSymbol)run.Output.GetTypeByMetadataName("Carillon.CarillonManifest")!.GetMembers("Json").Single()).ConstantValue!;
    }

    private static IEnumerable<LanguageVersion> Versions(Func<LanguageVersion, bool> isWanted) => Enum.GetValues<LanguageVersion>()
        .Select(version => version.MapSpecifiedToEffectiveVersion())
        .Where(isWanted)
        .Distinct();

    [GeneratedRegex(@"private static readonly HandlerDefinition ")]
    private static partial Regex Definition();

    [GeneratedRegex(@"\[(Carillon\.)?(Local)?Handler\b")]
    private static partial Regex Handler();
}
