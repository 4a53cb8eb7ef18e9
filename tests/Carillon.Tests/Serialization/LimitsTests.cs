using Carillon.Configuration;
using Microsoft.Extensions.Configuration;

namespace Carillon.Tests.Serialization;

public sealed class LimitsTests
{
    [Fact]
    public void Limits_ShouldHaveTheDocumentedDefaults_WhenNothingIsSaid()
    {
        var limits = new EnvelopeLimits();

        Assert.Equal((1_048_576, 32, 10_000, 64, 4_096, 32_768), (limits.BodyBytes, limits.Depth, limits.Properties, limits.Headers, limits.HeaderCharacters, limits.HeadersTotalCharacters));
    }

    [Theory]
    [InlineData(1023)]
    [InlineData((64 * 1024 * 1024) + 1)]
    [InlineData(-1)]
    public void BodyBytes_ShouldBeRefusedByName_WhenOutOfRange(int value)
    {
        var error = Assert.Throws<CarillonConfigurationException>(() => new EnvelopeLimits { BodyBytes = value });

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
        Assert.Contains("Carillon:Limits:BodyBytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("1024 to 67108864", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ShouldTakeEverySetting_WhenTheSectionHasThem()
    {
        var limits = new EnvelopeLimits();
        var names = typeof(EnvelopeLimits).GetProperties().Select(property => property.Name).ToArray();

        limits.Read(Settings("Limits", names.ToDictionary(name => name, _ => "1024" as string).ToDictionary(pair => pair.Key, pair => pair.Key == "Depth" ? "100" : pair.Value!)));

        Assert.Equal(9, names.Length);
        Assert.All(typeof(EnvelopeLimits).GetProperties(), property => Assert.Equal(property.Name == "Depth" ? 100 : 1024, property.GetValue(limits)));
    }

    [Fact]
    public void Read_ShouldRefuse_WhenASettingIsOutOfRange() =>
        Assert.Contains("Depth", Assert.Throws<CarillonConfigurationException>(() => new EnvelopeLimits().Read(Settings("Limits", new() { ["Depth"] = "0" }))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_ShouldRefuse_WhenAPublisherSettingIsUnknown()
    {
        var settings = Settings("Publishing", new() { ["BufferMessages"] = "5", ["Overload"] = "throw", ["BatchByte"] = "1" });
        var options = new PublisherOptions();
        options.Read(settings);

        Assert.Equal((5, OverloadBehavior.Throw), (options.BufferMessages, options.Overload));
        Assert.Contains("BatchByte", Assert.Throws<CarillonConfigurationException>(settings.RefuseUnknown).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Range_ShouldBeChecked_WhenAValueIsAtItsEnds()
    {
        var range = new SettingRange("Section", "Key", 1, 3);

        Assert.Equal((1, 3), (range.Check(1), range.Check(3)));
        Assert.Throws<CarillonConfigurationException>(() => range.Check(0));
        Assert.Throws<CarillonConfigurationException>(() => range.Check(4));
    }

    private static SettingsReader Settings(string section, Dictionary<string, string> values) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(values.ToDictionary(pair => $"Carillon:{section}:{pair.Key}", pair => (string?)pair.Value))
        .Build()
        .GetSection($"Carillon:{section}"));
}
