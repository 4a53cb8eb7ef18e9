using Carillon.Diagnostics;

namespace Carillon.Tests.Diagnostics;

/// <summary>What text from the wire may look like in a log.</summary>
public sealed class LogTextTests
{
    [Theory]
    [InlineData("order.created", "order.created")]
    [InlineData("", "")]
    [InlineData("Grüße, 北京 😀 \\n", "Grüße, 北京 😀 \\n")]
    [InlineData("a\r\ninfo: b[7]", "a\\r\\ninfo: b[7]")]
    [InlineData("a\tb\0c\u001b[31m\u007f\u0085", "a\\tb\\u0000c\\u001B[31m\\u007F\\u0085")]
    [InlineData("a\u2028b\u2029c", "a\\u2028b\\u2029c")]
    [InlineData("user\u202Egpj.exe\u2066\u200F\u061C", "user\\u202Egpj.exe\\u2066\\u200F\\u061C")]
    [InlineData("a\U000E0041b", "a\\U000E0041b")]
    public void ToString_ShouldStayOnItsLine_WhenItHasLineBreaksOrHiddenCharacters(string text, string expected) => Assert.Equal(expected, new LogText(text).ToString());

    [Fact]
    public void ToString_ShouldEscapeHalves_WhenASurrogateStandsAlone()
    {
        Assert.Equal("\\uD83D!", new LogText("\ud83d!").ToString());
        Assert.Equal("!\\uDE00", new LogText("!" + '\ude00').ToString());
    }

    [Fact]
    public void ToString_ShouldCutBetweenCharacters_WhenTheTextIsLong()
    {
        var text = new string('a', LogText.LengthMax - 1) + "😀" + new string('b', 5);

        Assert.Equal(new string('a', LogText.LengthMax - 1) + $"… ({text.Length} characters)", new LogText(text).ToString());
        Assert.Equal(new string('c', LogText.LengthMax), new LogText(new string('c', LogText.LengthMax)).ToString());
        Assert.Equal("\\n… (3 characters)", LogText.Clean("\nab", 1));
    }

    [Fact]
    public void ToString_ShouldSaySo_WhenThereIsNone()
    {
        Assert.Equal("(none)", new LogText(null).ToString());
        LogText id = EventId.Parse("x\ny");
        Assert.Equal("x\\ny", $"{id}");
    }
}
