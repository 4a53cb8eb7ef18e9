using Microsoft.Extensions.Configuration;

namespace Carillon.Tests.InMemory;

public sealed class InMemoryOptionsTests
{
    [Fact]
    public void Read_ShouldSetOptions_WhenSettingsAreAllowed()
    {
        var options = new InMemoryOptions();

        options.Read(Settings(("CapacityMessages", "5"), ("CapacityBytes", "1000"), ("HandoverTimeout", "2s")));
        options.Validate();

        Assert.Equal((5, 1000L, TimeSpan.FromSeconds(2)), (options.CapacityMessages, options.CapacityBytes, options.HandoverTimeout));
    }

    [Theory]
    [InlineData("CapacityMessages", "0")]
    [InlineData("CapacityBytes", "-1")]
    [InlineData("HandoverTimeout", "2")]
    [InlineData("HandoverTimeout", "2h")]
    public void Read_ShouldNameTheKey_WhenSettingIsNotAllowed(string key, string value)
    {
        var error = Assert.Throws<CarillonConfigurationException>(() => new InMemoryOptions().Read(Settings((key, value))));

        Assert.Contains($"Carillon:InMemory:{key}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ShouldNameTheKey_WhenOptionIsOutOfRange()
    {
        Assert.Contains("CapacityMessages", Refused(new InMemoryOptions { CapacityMessages = 0 }), StringComparison.Ordinal);
        Assert.Contains("CapacityBytes", Refused(new InMemoryOptions { CapacityBytes = 0 }), StringComparison.Ordinal);
        Assert.Contains("HandoverTimeout", Refused(new InMemoryOptions { HandoverTimeout = TimeSpan.FromDays(1) }), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ShouldSayTheRange_WhenOptionIsJustOutsideIt()
    {
        Assert.EndsWith("from 1 to 100000000.", Refused(new InMemoryOptions { CapacityMessages = 100_000_001 }), StringComparison.Ordinal);
        Assert.EndsWith("from 1 to 1099511627776.", Refused(new InMemoryOptions { CapacityBytes = (1L << 40) + 1 }), StringComparison.Ordinal);
        Assert.EndsWith("from 0s to 1h.", Refused(new InMemoryOptions { HandoverTimeout = TimeSpan.FromTicks(-1) }), StringComparison.Ordinal);
        Assert.Contains("3600000.0001ms", Refused(new InMemoryOptions { HandoverTimeout = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1) }), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ShouldAllow_WhenOptionsAreTheBounds()
    {
        new InMemoryOptions { CapacityMessages = 1, CapacityBytes = 1, HandoverTimeout = TimeSpan.Zero }.Validate();
        new InMemoryOptions { CapacityMessages = 100_000_000, CapacityBytes = 1L << 40, HandoverTimeout = TimeSpan.FromHours(1) }.Validate();
    }

    private static string Refused(InMemoryOptions options) => Assert.Throws<CarillonConfigurationException>(options.Validate).Message;

    private static SettingsReader Settings(params (string Key, string Value)[] settings) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Carillon:InMemory:{setting.Key}", (string?)setting.Value)))
        .Build().GetSection("Carillon:InMemory"));
}
