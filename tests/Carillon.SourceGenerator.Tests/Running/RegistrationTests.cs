using System.Globalization;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>Generated code at work: what is added to the service.</summary>
public sealed class RegistrationTests
{
    private const string Source = """
        [Event("compiled.one")] public sealed record One(int Number);
        public sealed class Instance { [Handler] public void On(Placed placed) { } [Handler(Subscription = "other")] public void Other(Placed placed) { } }
        public static class Static { [LocalHandler] public static Shipped? On(Placed placed) => null; }
        public sealed class Nothing;
        """;

    [Fact]
    public void AddHandlers_ShouldAddAll_WhenNoClassIsNamed()
    {
        using var handlers = Compile().Add();

        Assert.Equal(
            ["Instance.On(Sample.Placed)", "Instance.Other(Sample.Placed)", "Static.On(Sample.Placed)"],
            handlers.Builder.Handlers.Select(handler => handler.Name));
        Assert.Equal([null, "other", null], handlers.Builder.Handlers.Select(handler => handler.Subscription));
        Assert.Equal([false, false, true], handlers.Builder.Handlers.Select(handler => handler.IsLocal));
        Assert.Equal(
            ["compiled.one", "sample.placed", "sample.shipped"],
            handlers.Builder.Messages.Select(message => message.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AddHandlers_ShouldAddThoseOfTheClasses_WhenTheyAreNamed()
    {
        using var handlers = Compile();

        handlers.Add(handlers.TypeOf("Static"));

        Assert.Equal([handlers.TypeOf("Static")], handlers.Builder.Handlers.Select(handler => handler.DeclaringType));
        Assert.DoesNotContain(handlers.Builder.Services, service => service.ServiceType == handlers.TypeOf("Instance"));
        Assert.Equal(3, handlers.Builder.Messages.Count);
    }

    [Fact]
    public void AddHandlers_ShouldThrow_WhenAClassDeclaresNoHandler()
    {
        using var handlers = Compile();

        var error = Assert.Throws<CarillonConfigurationException>(() => handlers.Add(handlers.TypeOf("Instance"), handlers.TypeOf("Nothing")));

        Assert.Equal(ErrorCodes.UnknownHandler, error.Code);
        Assert.Contains("Compiled.Nothing", error.Message, StringComparison.Ordinal);
        Assert.Empty(handlers.Builder.Handlers);
    }

    [Fact]
    public void AddHandlers_ShouldThrow_WhenAClassIsNull()
    {
        using var handlers = Compile();

        Assert.Throws<ArgumentNullException>(() => handlers.Add(null!, null!));
    }

    [Fact]
    public void AddHandlers_ShouldUseTheSameDefinition_WhenAMessageIsHandledTwice()
    {
        using var handlers = Compile().Add();

        var definition = handlers.Builder.Messages.Single(message => message.ClrType == typeof(Sample.Placed));
        Assert.All(handlers.Builder.Handlers, handler => Assert.Same(definition, handler.Message));
        Assert.Equal(3, definition.Version);
        Assert.Equal(MessageKind.Event, definition.Kind);
    }

    [Theory]
    [InlineData("string?", "null", null)]
    [InlineData("string", "\"Ä b\"", "Ä b")]
    [InlineData("Guid", "new(\"6F9619FF-8B86-D011-B42D-00CF4FC964FF\")", "6f9619ff-8b86-d011-b42d-00cf4fc964ff")]
    [InlineData("Guid?", "null", null)]
    [InlineData("int", "-1234567", "-1234567")]
    [InlineData("ulong?", "18446744073709551615", "18446744073709551615")]
    [InlineData("bool", "true", "True")]
    [InlineData("char", "'x'", "x")]
    [InlineData("DateOnly", "new(2026, 1, 2)", "2026-01-02")]
    [InlineData("TimeOnly", "new(3, 4, 5)", "03:04:05.0000000")]
    [InlineData("TimeSpan", "new(1, 2, 3)", "01:02:03")]
    [InlineData("Uri?", "new(\"https://example.org/a\")", "https://example.org/a")]
    [InlineData("Uri?", "null", null)]
    [InlineData("Int128", "12", "12")]
    [InlineData("Version", "new(1, 2)", "1.2")]
    [InlineData("EventId", "EventId.Parse(\"e-1\")", "e-1")]
    public void Key_ShouldBeTheInvariantText_WhenItIsOfThisType(string type, string value, string? expected)
    {
        using var handlers = CompiledHandlers.Compile($$"""
            [Event("keyed")] public sealed record Keyed([property: Key] {{type}} Id);
            public static class H
            {
                [Handler] public static void On(Keyed keyed) { }
                public static object Create() => new Keyed({{value}});
            }
            """).Add();
        var message = handlers.TypeOf("H").GetMethod("Create")!.Invoke(null, null)!;
        var culture = CultureInfo.CurrentCulture;
        var strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        strange.NumberFormat.NegativeSign = "minus";
        strange.DateTimeFormat.TimeSeparator = "h";
        CultureInfo.CurrentCulture = strange;
        try
        {
            Assert.Equal(expected, handlers.KeyOf(message));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static CompiledHandlers Compile() => CompiledHandlers.Compile(Source);
}
