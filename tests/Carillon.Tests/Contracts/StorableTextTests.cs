using Carillon.Transports;

namespace Carillon.Tests.Contracts;

/// <summary>Which texts every store holds, what others are shown as, and where a text may be cut.</summary>
public sealed class StorableTextTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("\u0001 and \ufffe")]
    [InlineData("\ud83d\udd14")]
    [InlineData("bells \ud83d\udd14\ud83d\udd14!")]
    public void Show_ShouldGiveTheSameText_WhenEveryStoreHoldsIt(string? text)
    {
        Assert.True(StorableText.IsStorable(text));
        Assert.Same(text, StorableText.Show(text));
    }

    /// <summary>Halves of characters do not survive in an attribute.</summary>
    public static TheoryData<string, string> Unstorable { get; } = new()
    {
        { "\0", "\u2400" },
        { "a\0b\0", "a\u2400b\u2400" },
        { "\ud83d", "\ufffd" },
        { "\udd14", "\ufffd" },
        { "\udd14\ud83d", "\ufffd\ufffd" },
        { "\ud83d\ud83d\udd14", "\ufffd\ud83d\udd14" },
        { "\ud83d\udd14\udd14\0x", "\ud83d\udd14\ufffd\u2400x" },
    };

    [Theory]
    [MemberData(nameof(Unstorable))]
    public void Show_ShouldReplaceEachCharacter_WhenNoStoreHoldsIt(string text, string shown)
    {
        Assert.False(StorableText.IsStorable(text));
        Assert.Equal(shown, StorableText.Show(text));
    }

    /// <summary>Halves of characters do not survive in an attribute.</summary>
    public static TheoryData<string?, int, string?> Cuts { get; } = new()
    {
        { "abc", 3, "abc" },
        { "abc", 2, "ab" },
        { "abc", 0, "" },
        { "a\ud83d\udd14", 2, "a" },
        { "a\ud83d\udd14b", 3, "a\ud83d\udd14" },
        { "\ud83d\udd14", 1, "" },
        { null, 1, null },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Cut_ShouldLeaveTheBeginning_WhenTheTextIsLonger(string? text, int most, string? cut) => Assert.Equal(cut, StorableText.Cut(text, most));

    [Theory]
    [InlineData("id")]
    [InlineData("partitionkey")]
    [InlineData("header x")]
    [InlineData("correlationid")]
    public void FindFault_ShouldNameTheAttribute_WhenNoStoreHoldsIt(string attribute)
    {
        var envelope = new Envelope { Id = EventId.Parse("1"), Source = "/services/shop", Type = "step.taken" };
        Assert.Null(StorableText.FindFault(envelope));

        envelope = attribute switch
        {
            "id" => envelope with { Id = EventId.Parse("a\0") },
            "partitionkey" => envelope with { Key = "\ud83d" },
            "correlationid" => envelope with { CorrelationId = EventId.Parse("\udd14") },
            _ => envelope with { Headers = new Dictionary<string, string> { ["x"] = "\0" } },
        };

        Assert.Equal(attribute, StorableText.FindFault(envelope));
    }
}
