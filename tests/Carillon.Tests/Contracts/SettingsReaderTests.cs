using Microsoft.Extensions.Configuration;

namespace Carillon.Tests.Contracts;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Read_ShouldSetValues_WhenTheyAreAllowed()
    {
        var reader = Reader(("path", " shop.db "), ("COUNT", "7"), ("IsOn", "TRUE"), ("Wait", "250ms"), ("Priority", "high"));
        var values = new List<object>();

        reader.Text("Path", values.Add);
        reader.Number("Count", 1, 10, number => values.Add(number));
        reader.Switch("IsOn", isOn => values.Add(isOn));
        reader.Duration("Wait", TimeSpan.Zero, TimeSpan.FromHours(1), wait => values.Add(wait));
        reader.Choice<Priority>("Priority", priority => values.Add(priority));
        reader.Text("Absent", _ => Assert.Fail("an absent key was set"));
        reader.RefuseUnknown();

        Assert.Equal(["shop.db", 7L, true, TimeSpan.FromMilliseconds(250), Priority.High], values);
    }

    [Theory]
    [InlineData("1.5s", 1500)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("00:00:30", 30_000)]
    [InlineData("0s", 0)]
    public void Duration_ShouldReadUnits_WhenTheyAreGiven(string text, double milliseconds)
    {
        var read = TimeSpan.MinValue;

        Reader(("Wait", text)).Duration("Wait", TimeSpan.Zero, TimeSpan.FromDays(30), wait => read = wait);

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), read);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("5w")]
    [InlineData("1e3s")]
    [InlineData("31d")]
    [InlineData("9999999999d")]
    [InlineData("999999999d")]
    [InlineData("NaNs")]
    [InlineData("∞s")]
    [InlineData("1,5s")]
    public void Duration_ShouldNameKeyAndAllowed_WhenTextIsNot(string text) =>
        AssertRefused(text, "from 0s to 30d", reader => reader.Duration("Key", TimeSpan.Zero, TimeSpan.FromDays(30), _ => { }));

    [Theory]
    [InlineData(1, "from 1ms to 90s")]
    [InlineData(0.5, "from 0.5ms to 90s")]
    [InlineData(120_000, "from 2m to 90s")]
    public void Duration_ShouldPrintTheRangeAsPeopleWriteIt_WhenTextIsNot(double min, string range) =>
        AssertRefused("0", range, reader => reader.Duration("Key", TimeSpan.FromMilliseconds(min), TimeSpan.FromSeconds(90), _ => { }));

    [Theory]
    [InlineData("-0.1")]
    [InlineData("1.01")]
    [InlineData("0,5")]
    [InlineData("NaN")]
    [InlineData("1e-1")]
    [InlineData("")]
    public void Fraction_ShouldNameKeyAndAllowed_WhenTextIsNot(string text) =>
        AssertRefused(text, "a number from 0 to 1", reader => reader.Fraction("Key", 0, 1, _ => { }));

    [Theory]
    [InlineData("0")]
    [InlineData("11")]
    [InlineData("1.5")]
    [InlineData("0x5")]
    [InlineData("1,000")]
    [InlineData("ten")]
    [InlineData("99999999999999999999")]
    [InlineData("  ")]
    public void Number_ShouldNameKeyAndAllowed_WhenTextIsNot(string text) =>
        AssertRefused(text, "a whole number from 1 to 10", reader => reader.Number("Key", 1, 10, _ => { }));

    [Theory]
    [InlineData("yes")]
    [InlineData("1")]
    [InlineData("")]
    public void Switch_ShouldNameKeyAndAllowed_WhenTextIsNot(string text) =>
        AssertRefused(text, "true or false", reader => reader.Switch("Key", _ => { }));

    [Theory]
    [InlineData("urgent")]
    [InlineData("+1")]
    [InlineData("Low,High")]
    [InlineData("2")]
    [InlineData("")]
    public void Choice_ShouldNameKeyAndAllowed_WhenTextIsNot(string text) =>
        AssertRefused(text, "one of Low, Normal, High", reader => reader.Choice<Priority>("Key", _ => { }));

    [Fact]
    public void Text_ShouldNameKey_WhenValueIsASection() =>
        AssertRefused(null, "a text", Reader(("Key:Below", "x")), reader => reader.Text("Key", _ => { }));

    [Fact]
    public void RefuseUnknown_ShouldNameKeyAndKnownOnes_WhenAKeyIsMistyped()
    {
        var reader = Reader(("Cuont", "1"));
        reader.Number("Count", 1, 10, _ => { });
        reader.Text("Path", _ => { });

        var error = Assert.Throws<CarillonConfigurationException>(reader.RefuseUnknown);

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
        Assert.Contains("Carillon:Test:Cuont is not a setting", error.Message, StringComparison.Ordinal);
        Assert.Contains("Count, Path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Section_ShouldRefuseUnknown_WhenAKeyBelowIsMistyped()
    {
        var reader = Reader(("Retry:Delay", "1s"), ("Retry:Dealy", "1s"));

        var error = Assert.Throws<CarillonConfigurationException>(() =>
            reader.Section("Retry", retry => retry.Duration("Delay", TimeSpan.Zero, TimeSpan.FromDays(1), _ => { })));

        Assert.Contains("Carillon:Test:Retry:Dealy", error.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string text, string allowed, Action<SettingsReader> read) => AssertRefused(text, allowed, Reader(("Key", text)), read);

    private static void AssertRefused(string? text, string allowed, SettingsReader reader, Action<SettingsReader> read)
    {
        var error = Assert.Throws<CarillonConfigurationException>(() => read(reader));

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
        Assert.Contains($"Carillon:Test:Key is \"{text}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, error.Message, StringComparison.Ordinal);
    }

    private static SettingsReader Reader(params (string Key, string Value)[] settings) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Carillon:Test:{setting.Key}", (string?)setting.Value)))
        .Build().GetSection("Carillon:Test"));
}
