using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Contracts;

public sealed class EventIdProperties
{
    private static readonly Gen<string> _texts = Gen.Frequency(
        (2, Texts.Valid),
        (2, from bytes in Gen.CollectToArray(Enumerable.Repeat(Gen.Choose(0, 255), 16))
            from format in Gen.Elements("D", "N", "B", "P")
            select new Guid([.. bytes.Select(number => (byte)number)]).ToString(format)),
        (1, Gen.Elements(
            "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "0190A5B4-0000-7000-8000-00000000ABCD", "0190a5b4-0000-7000-8000-00000000abc ")));

    [Fact]
    public void Parse_ShouldKeepTheText_WhenItIsAnyText() => Always.Holds(
        _texts,
        text =>
        {
            var id = EventId.Parse(text);
            Assert.Equal(text, id.ToString());
            Assert.Equal(text.Length == 0, id.IsEmpty);
        },
        Smaller.Texts);

    [Fact]
    public void Equals_ShouldBeThatOfTheTexts_WhenIdsAreAny() => Always.Holds(
        from one in _texts from other in Gen.OneOf(_texts, Gen.Elements(one, one.ToUpperInvariant(), one.ToLowerInvariant())) select (one, other),
        texts =>
        {
            var (one, other) = (EventId.Parse(texts.one), EventId.Parse(texts.other));
            Assert.Equal(texts.one == texts.other, one == other);
            if (one == other)
                Assert.Equal(one.GetHashCode(), other.GetHashCode());
        });

    [Fact]
    public void TryGetUuid_ShouldGiveTheUuid_WhenTheIdIsMadeOfOne() => Always.Holds(
        Gen.CollectToArray(Enumerable.Repeat(Gen.Choose(0, 255), 16)).Select(bytes => new Guid([.. bytes.Select(number => (byte)number)])),
        uuid =>
        {
            var id = EventId.Parse(new EventId(uuid).ToString());
            Assert.Equal(new EventId(uuid), id);
            Assert.Equal(uuid != Guid.Empty, id.TryGetUuid(out var found));
            Assert.Equal(uuid, found);
        });
}
