using System.Globalization;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;

namespace Carillon.Properties.Tests.Contracts;

[Collection(CultureCollection.Name)]
public sealed class SettingsReaderProperties
{
    private static readonly (string Unit, long Ticks)[] _units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    private static readonly Gen<string> _pieces = Gen.Elements("1", "5", "0", ".", ",", "-", "+", ":", "ms", "s", "d", " ", "\u066B", "\u0661", "NaN", "Infinity", "endless", "e3");

    private static readonly Gen<string> _almostNumbers =
        from sign in Gen.Elements("", "", "-", "+", "\u2212", "\u061C-")
        from whole in Gen.Choose(0, 2000)
        from separator in Gen.Elements("", ".", ",", "\u066B", ":", "\u2019")
        from rest in Gen.Choose(0, 200)
        from unit in Gen.Elements("", "ms", "s", "m", "h", "d", "D")
        select string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}{separator}{rest}{unit}");

    [Fact]
    public void Number_ShouldReadWhatIsWrittenInvariantly_WhenCultureIsAnother() => Always.Holds(
        from number in Numbers.Int64 from culture in Cultures.Names select (Number: number, Culture: culture),
        given =>
        {
            using var scope = new CultureScope(given.Culture);
            Assert.Equal(given.Number, Number(given.Number.ToString(CultureInfo.InvariantCulture)));
        });

    [Fact]
    public void Duration_ShouldReadWhatIsWrittenInvariantly_WhenCultureIsAnother() => Always.Holds(
        from amount in Gen.Choose(0, 1_000_000)
        from unit in Gen.Elements(_units)
        from culture in Cultures.Names
        select (Amount: amount, Unit: unit, Culture: culture),
        given =>
        {
            using var scope = new CultureScope(given.Culture);
            var expected = TimeSpan.FromTicks(given.Amount * given.Unit.Ticks / 1000);
            Assert.Equal(expected, Duration($"{(given.Amount / 1000m).ToString(CultureInfo.InvariantCulture)}{given.Unit.Unit}"));
            Assert.Equal(expected, Duration(expected.ToString("c", CultureInfo.InvariantCulture)));
        });

    /// <summary>Whatever is written, right or wrong, means the same everywhere.</summary>
    [Fact]
    public void Read_ShouldSayTheSame_WhenTextIsAnythingAndCultureIsAnother() => Always.Holds(
        from text in Gen.Frequency((1, Texts.Valid), (1, Texts.Of(_pieces, 6)), (2, _almostNumbers))
        from culture in Cultures.Names
        select (Text: text, Culture: culture),
        given =>
        {
            var (number, duration, flag) = (Number(given.Text), Duration(given.Text), Switch(given.Text));
            using var scope = new CultureScope(given.Culture);
            Assert.Equal((number, duration, flag), (Number(given.Text), Duration(given.Text), Switch(given.Text)));
        },
        given => Smaller.Texts(given.Text).Select(text => (text, given.Culture)));

    private static long? Number(string text) => Read<long>(text, (reader, set) => reader.Number("key", long.MinValue, long.MaxValue, set));

    private static TimeSpan? Duration(string text) => Read<TimeSpan>(text, (reader, set) => reader.Duration("key", TimeSpan.MinValue, TimeSpan.MaxValue, set));

    private static bool? Switch(string text) => Read<bool>(text, (reader, set) => reader.Switch("key", set));

    /// <summary>What was read, or null when it was refused with the code for it.</summary>
    private static T? Read<T>(string text, Action<SettingsReader, Action<T>> read)
        where T : struct
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["section:key"] = text }).Build();
        T? found = null;
        try
        {
            read(new SettingsReader(settings.GetSection("section")), value => found = value);
            return found;
        }
        catch (CarillonConfigurationException error)
        {
            Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
            return null;
        }
    }
}
