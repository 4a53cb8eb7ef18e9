using System.Globalization;
using Carillon.Events;

namespace Carillon.Tests.Events;

public sealed class AttributedMessageTests
{
    [Fact]
    public void Define_ShouldTakeTheDefaults_WhenOnlyANameIsGiven()
    {
        var definition = AttributedMessage.Define<Small>();

        Assert.Equal(typeof(Small), definition.ClrType);
        Assert.Equal("small.happened", definition.Name);
        Assert.Equal("small.happened", definition.Topic);
        Assert.Equal(MessageKind.Event, definition.Kind);
        Assert.Equal(1, definition.Version);
        Assert.Equal(Priority.Normal, definition.Priority);
        Assert.False(definition.HasKey);
    }

    [Fact]
    public void Define_ShouldTakeEverything_WhenEverythingIsGiven()
    {
        var definition = AttributedMessage.Define<Charge>();

        Assert.Equal("payment.charge", definition.Name);
        Assert.Equal("payments", definition.Topic);
        Assert.Equal(MessageKind.Command, definition.Kind);
        Assert.Equal(3, definition.Version);
        Assert.Equal(Priority.High, definition.Priority);
        Assert.Equal("account-1", definition.Key!(new Charge(5, "account-1")));
        Assert.Null(definition.Key!(new Charge(5, null)));
    }

    [Fact]
    public void Define_ShouldReadTheKeyOfABase_WhenTheBaseMarksIt() =>
        Assert.Equal("k", AttributedMessage.Define<Inherited>().Key!(new Inherited("k")));

    [Theory]
    [MemberData(nameof(KeysOfStructs))]
    public void Define_ShouldTakeTheInvariantText_WhenTheKeyIsNoString(Func<string?> key, string? expected)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.Foreign;
        try
        {
            Assert.Equal(expected, key());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    public static TheoryData<Func<string?>, string?> KeysOfStructs => new()
    {
        { () => KeyOf(-1234567), "-1234567" },
        { () => KeyOf(new Guid("0190B3A6-0000-7000-8000-00000000000A")), "0190b3a6-0000-7000-8000-00000000000a" },
        { () => KeyOf(new DateTimeOffset(2026, 11, 21, 1, 2, 3, 4, TimeSpan.FromHours(2))), "2026-11-20T23:02:03.0040000Z" },
        { () => KeyOf(new DateOnly(2026, 11, 21)), "2026-11-21" },
        { () => KeyOf(TimeSpan.FromSeconds(90)), "00:01:30" },
        { () => KeyOf(DayOfWeek.Friday), "5" },
        { () => KeyOf(true), "True" },
        { () => KeyOf<int?>(null), null },
        { () => KeyOf("text"), "text" },
    };

    [Fact]
    public void Define_ShouldThrow_WhenTheKeysTextIsNotUnique()
    {
        Assert.Throws<CarillonConfigurationException>(AttributedMessage.Define<Keyed<DateTime>>);
        Assert.Throws<CarillonConfigurationException>(AttributedMessage.Define<Keyed<double?>>);
        Assert.Throws<CarillonConfigurationException>(() => KeyOf(new object()));
    }

    [Fact]
    public void Define_ShouldThrow_WhenTheTypeIsNoMessage() =>
        Assert.Equal(ErrorCodes.NotAMessage, Assert.Throws<CarillonException>(AttributedMessage.Define<string>).Code);

    [Fact]
    public void Define_ShouldThrow_WhenTwoPropertiesAreKeys()
    {
        var error = Assert.Throws<CarillonConfigurationException>(AttributedMessage.Define<TwoKeys>);

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
        Assert.Contains("First", error.Message, StringComparison.Ordinal);
        Assert.Contains("Second", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Define_ShouldThrow_WhenATypeIsEventAndCommand() =>
        Assert.Equal(ErrorCodes.DuplicateMessageName, Assert.Throws<CarillonConfigurationException>(AttributedMessage.Define<Both>).Code);

    private static string? KeyOf<TKey>(TKey key) => AttributedMessage.Define<Keyed<TKey>>().Key!(new Keyed<TKey>(key));

    [Event("small.happened")]
    public sealed record Small(string Id);

    [Command("payment.charge", Version = 3, Topic = "payments", Priority = Priority.High)]
    public sealed record Charge(decimal Amount, [property: Key] string? Account);

    public record Root([property: Key] string Id);

    [Event("inherited.happened")]
    public sealed record Inherited(string Id) : Root(Id);

    [Event("keyed.happened")]
    public readonly record struct Keyed<TKey>([property: Key] TKey Id);

    [Event("two.keys")]
    public sealed record TwoKeys([property: Key] string First, [property: Key] string Second);

    [Event("both.ways")]
    [Command("both.ways")]
    public sealed record Both(string Id);
}
