using System.Globalization;

namespace Carillon.Properties.Tests.Generating;

/// <summary>That the cultures made by hand do differ: otherwise what is shown with them would mean nothing.</summary>
public sealed class CulturesTests
{
    [Fact]
    public void All_ShouldWriteNumbersAndYearsInTheirOwnWay_WhenAskedTo()
    {
        Assert.Equal("\u061C-1\u066B5", (-1.5).ToString(Cultures.Arabic));
        Assert.Equal("1,5", 1.5.ToString(Cultures.Turkish));
        var years = new[] { Cultures.Swiss, Cultures.Arabic, Cultures.Persian, Cultures.Thai, Cultures.Hostile }.Select(culture => new DateTime(2026, 11, 21).ToString("yyyy", culture)).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string> { "2026", "1448", "1405", "2569" }, years);
        Assert.Throws<FormatException>(() => double.Parse("1.5", NumberStyles.AllowDecimalPoint, Cultures.Turkish));
    }
}
