using Carillon.Events;

namespace Carillon.Tests.Events;

public sealed class MessageCatalogTests
{
    [Fact]
    public void Get_ShouldReturnTheRegisteredDefinition_WhenTheTypeIsRegistered()
    {
        var definition = new MessageDefinition<Ordered>("order.created", MessageKind.Event);
        var catalog = new MessageCatalog([definition]);

        Assert.Same(definition, catalog.Get<Ordered>());
        Assert.Same(definition, catalog.Get(typeof(Ordered)));
        Assert.Same(definition, catalog.Find(typeof(Ordered)));
        Assert.Same(definition, catalog.Find("order.created", 1));
    }

    [Fact]
    public void Get_ShouldReadTheAttributesOnce_WhenTheTypeIsNotRegistered()
    {
        var catalog = new MessageCatalog([]);

        var definition = catalog.Get<Marked>();

        Assert.Equal("marked.one", definition.Name);
        Assert.Same(definition, catalog.Get<Marked>());
        Assert.Same(definition, catalog.Get(typeof(Marked)));
    }

    [Fact]
    public void Get_ShouldReadTheAttributes_WhenTheTypeIsKnownAtRunTimeOnly()
    {
        var catalog = new MessageCatalog([]);

        var definition = Assert.IsType<MessageDefinition<Marked>>(catalog.Get(typeof(Marked)));

        Assert.Same(definition, catalog.Get<Marked>());
        Assert.Equal(7, definition.Version);
    }

    [Fact]
    public void Get_ShouldKeepCatalogsApart_WhenTwoServicesNameATypeDifferently()
    {
        var first = new MessageCatalog([new MessageDefinition<Ordered>("first.name", MessageKind.Event)]);
        var second = new MessageCatalog([new MessageDefinition<Ordered>("second.name", MessageKind.Event)]);

        Assert.Equal("first.name", first.Get<Ordered>().Name);
        Assert.Equal("second.name", second.Get<Ordered>().Name);
    }

    [Theory]
    [InlineData(typeof(Plain))]
    [InlineData(typeof(List<>))]
    [InlineData(typeof(string))]
    public void Get_ShouldThrowNotAMessage_WhenTheTypeHasNoAttribute(Type type)
    {
        var error = Assert.Throws<CarillonException>(() => new MessageCatalog([]).Get(type));

        Assert.Equal(ErrorCodes.NotAMessage, error.Code);
        Assert.Contains(type.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_ShouldThrowNotAMessage_WhenOnlyABaseIsMarked()
    {
        var error = Assert.Throws<CarillonException>(() => new MessageCatalog([]).Get<Derived>());

        Assert.Equal(ErrorCodes.NotAMessage, error.Code);
    }

    [Fact]
    public void Get_ShouldRefuse_WhenAnUnregisteredTypeTakesARegisteredName()
    {
        var catalog = new MessageCatalog([new MessageDefinition<Ordered>("marked.one", MessageKind.Event) { Version = 7 }]);

        var error = Assert.Throws<CarillonConfigurationException>(catalog.Get<Marked>);

        Assert.Equal(ErrorCodes.DuplicateMessageName, error.Code);
    }

    [Fact]
    public void Get_ShouldAllocateNothing_WhenTheTypeIsKnown()
    {
        var catalog = new MessageCatalog([new MessageDefinition<Ordered>("order.created", MessageKind.Event)]);
        catalog.Get<Ordered>();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            catalog.Get<Ordered>();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Get_ShouldAgree_WhenManyLearnATypeAtOnce()
    {
        var catalog = new MessageCatalog([]);

        var definitions = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => i % 2 == 0 ? catalog.Get<Marked>() : catalog.Get(typeof(Marked)))));

        Assert.Single(definitions.Distinct());
    }

    [Theory]
    [InlineData("order.created", 2)]
    [InlineData("order.Created", 1)]
    [InlineData("Carillon.Tests.Events.MessageCatalogTests+Ordered", 1)]
    [InlineData("", 1)]
    public void Find_ShouldReturnNull_WhenNameOrVersionIsUnknown(string name, int version)
    {
        var catalog = new MessageCatalog([new MessageDefinition<Ordered>("order.created", MessageKind.Event)]);

        Assert.Null(catalog.Find(name, version));
    }

    [Fact]
    public void Find_ShouldTakeVersion1_WhenTheWireNamesNone()
    {
        var catalog = new MessageCatalog([new MessageDefinition<Ordered>("order.created", MessageKind.Event)]);

        Assert.NotNull(catalog.Find("order.created", 0));
    }

    [Fact]
    public void Find_ShouldNotKnowATypeByName_WhenItWasPublishedButNotRegistered()
    {
        var catalog = new MessageCatalog([]);
        catalog.Get<Marked>();

        Assert.Null(catalog.Find("marked.one", 7));
    }

    [Fact]
    public void Constructor_ShouldRefuse_WhenTwoTypesShareANameAndVersion() => AssertRefused(ErrorCodes.DuplicateMessageName,
        new MessageDefinition<Ordered>("order.created", MessageKind.Event), new MessageDefinition<Plain>("order.created", MessageKind.Event));

    [Fact]
    public void Constructor_ShouldAccept_WhenTwoTypesAreVersionsOfOneName()
    {
        var catalog = new MessageCatalog(
        [
            new MessageDefinition<Ordered>("order.created", MessageKind.Event),
            new MessageDefinition<Plain>("order.created", MessageKind.Event) { Version = 2 },
        ]);

        Assert.Equal(typeof(Plain), catalog.Find("order.created", 2)!.ClrType);
    }

    [Fact]
    public void Constructor_ShouldRefuse_WhenOneTypeHasTwoNames() => AssertRefused(ErrorCodes.DuplicateMessageName,
        new MessageDefinition<Ordered>("order.created", MessageKind.Event), new MessageDefinition<Ordered>("order.made", MessageKind.Event));

    [Fact]
    public void Constructor_ShouldRefuse_WhenOneTypeIsRegisteredWithAndWithoutKey() => AssertRefused(ErrorCodes.DuplicateMessageName,
        new MessageDefinition<Ordered>("order.created", MessageKind.Event), new MessageDefinition<Ordered>("order.created", MessageKind.Event, order => order.Id));

    [Fact]
    public void Constructor_ShouldAccept_WhenATypeIsRegisteredTwiceInTheSameWay()
    {
        var catalog = new MessageCatalog([new MessageDefinition<Ordered>("order.created", MessageKind.Event), new MessageDefinition<Ordered>("order.created", MessageKind.Event)]);

        Assert.Single(catalog.Registered);
    }

    [Theory]
    [InlineData("")]
    [InlineData("order..created")]
    [InlineData("order.*")]
    [InlineData("order created")]
    [InlineData("order\ncreated")]
    [InlineData("System.String")]
    [InlineData("Shop.Order, Shop")]
    [InlineData("bestellung.öffnen")]
    public void Constructor_ShouldRefuse_WhenANameIsNotAllowed(string name) =>
        AssertRefused(ErrorCodes.InvalidName, new MessageDefinition<Ordered>(name, MessageKind.Event));

    [Fact]
    public void Constructor_ShouldRefuse_WhenANameIsTooLong() =>
        AssertRefused(ErrorCodes.InvalidName, new MessageDefinition<Ordered>(new string('a', 201), MessageKind.Event));

    [Fact]
    public void Constructor_ShouldRefuse_WhenATopicHasWildcards() =>
        AssertRefused(ErrorCodes.InvalidName, new MessageDefinition<Ordered>("order.created", MessageKind.Event) { Topic = "order.>" });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Constructor_ShouldRefuse_WhenAVersionIsBelowOne(int version) =>
        AssertRefused(ErrorCodes.InvalidName, new MessageDefinition<Ordered>("order.created", MessageKind.Event) { Version = version });

    private static void AssertRefused(string code, params MessageDefinition[] definitions)
    {
        var error = Assert.Throws<CarillonConfigurationException>(() => new MessageCatalog(definitions));

        Assert.Equal(code, error.Code);
        Assert.Contains(nameof(Ordered), error.Message, StringComparison.Ordinal);
    }

    public sealed record Ordered(string Id);

    public sealed record Plain(string Id);

    [Event("marked.one", Version = 7)]
    public record Marked([property: Key] string Id);

    public sealed record Derived(string Id) : Marked(Id);
}
