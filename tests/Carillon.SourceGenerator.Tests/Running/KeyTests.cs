using System.Globalization;
using Carillon.SourceGenerator.Tests.Compiling;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>Generated code at work: equal keys have one text, whatever the culture, and whichever assembly declares the message.</summary>
public sealed class KeyTests
{
    [Theory]
    [InlineData("DateTimeOffset", "new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2))", "2026-01-02T01:04:05.6780000Z")]
    [InlineData("DateTimeOffset?", "new DateTimeOffset(2026, 1, 2, 1, 4, 5, 678, TimeSpan.Zero)", "2026-01-02T01:04:05.6780000Z")]
    [InlineData("DateTimeOffset", "DateTimeOffset.MinValue.ToOffset(TimeSpan.Zero)", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("decimal", "1.5m", "1.5")]
    [InlineData("decimal", "1.500m", "1.5")]
    [InlineData("decimal?", "-1234567.10m", "-1234567.1")]
    [InlineData("decimal", "100m", "100")]
    [InlineData("decimal", "-0.00m", "0")]
    [InlineData("decimal", "0.0000000000000000000000000001m", "0.0000000000000000000000000001")]
    [InlineData("decimal", "7.9228162514264337593543950335m", "7.9228162514264337593543950335")]
    [InlineData("decimal", "decimal.MinValue", "-79228162514264337593543950335")]
    [InlineData("decimal?", "null", null)]
    [InlineData("DayOfWeek", "DayOfWeek.Monday", "1")]
    [InlineData("DayOfWeek?", "DayOfWeek.Monday", "1")]
    [InlineData("Renamed", "Renamed.Second", "-1")]
    [InlineData("Flags", "Flags.A | Flags.B", "9223372036854775809")]
    [InlineData("Amount", "new(1.5m)", "1.5")]
    [InlineData("Amount?", "new Amount(1.5m)", "1.5")]
    [InlineData("Number", "new(1.5m)", "1.5")]
    [InlineData("sbyte", "-5", "-5")]
    [InlineData("string", "\"a\\u0308\"", "a\u0308")]
    [InlineData("DateOnly?", "new DateOnly(2026, 1, 2)", "2026-01-02")]
    [InlineData("TimeSpan", "new(-1, 2, 3)", "-00:57:57")]
    public void Key_ShouldHaveOneText_WhenTheCultureIsAny(string type, string value, string? expected)
    {
        using var handlers = CompiledHandlers.Compile($$"""
            public enum Renamed { First = -1, Second = -1 }
            [Flags] public enum Flags : ulong { A = 1, B = 1ul << 63 }
            public readonly record struct Amount(decimal Value) { public override string ToString() => Value.ToString(); }
            public sealed record Number(decimal Value) : IFormattable
            {
                public string ToString(string? format, IFormatProvider? provider) => $"{Value}";
                public override string ToString() => "unused";
            }
            [Event("keyed")] public sealed record Keyed([property: Key] {{type}} Id);
            public static class H
            {
                [Handler] public static void On(Keyed keyed) { }
                public static object Create() => new Keyed({{value}});
            }
            """).Add();
        var message = handlers.TypeOf("H").GetMethod("Create")!.Invoke(null, null)!;
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in Cultures.All)
            {
                CultureInfo.CurrentCulture = culture;
                Assert.Equal(expected, handlers.KeyOf(message));
                Assert.Same(culture, CultureInfo.CurrentCulture);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("public interface IKeyed { [Key] string Id { get; } } [Event(\"a\")] public sealed record M(string Id) : IKeyed;")]
    [InlineData("public interface IKeyed { [Key] string Id { get; } } [Event(\"a\")] public readonly record struct M([property: Key] string Id) : IKeyed;")]
    [InlineData("public interface IKeyed { [Key] string Id { get; } } [Event(\"a\")] public sealed record M(string Other) : IKeyed { string IKeyed.Id => Other; }")]
    [InlineData("public interface IKeyed { string Other { get; } [Key] string Id => Other; } [Event(\"a\")] public sealed record M(string Other) : IKeyed;")]
    [InlineData("public interface IKeyed { [Key] string Id { get; } } public abstract record Root(string Id) : IKeyed; [Event(\"a\")] public sealed record M(string Id, int Number = 1) : Root(Id);")]
    [InlineData("public interface IKeyed<T> { [Key] T Id { get; } } [Event(\"a\")] public sealed record M(string Id) : IKeyed<string>;")]
    [InlineData("public interface IKeyed { [Key] string Id { get; } } public abstract class Root : IKeyed { public abstract string Id { get; set; } } [Event(\"a\")] public sealed class M(string id) : Root { public override string Id { get; set; } = id; }")]
    [InlineData("public abstract record Root<T>([property: Key] T Id); [Event(\"a\")] public sealed record M(string Id) : Root<string>(Id);")]
    [InlineData("public abstract class Root { [Key] public abstract string Id { get; set; } } [Event(\"a\")] public sealed class M(string id) : Root { public override string Id { get; set; } = id; }")]
    [InlineData("public class Root(string id) { [Key] public string Id { get; set; } = id; } [Event(\"a\")] public sealed class M(string id) : Root(id) { public new string Id { get; set; } = \"other\"; }")]
    [InlineData("public class Root(string id) { [Key] public string Id { get; set; } = id; } [Event(\"a\")] public sealed class M(string id) : Root(id) { public new string Id() => \"other\"; }")]
    [InlineData("[Event(\"a\")] public sealed record M([property: Key] string @class);")]
    public void Key_ShouldBeThatOfTheSameAssembly_WhenTheMessageIsOfAnother(string contract)
    {
        const string Handler = "public static class H { [Handler] public static void On(M message) { } public static object Create() => new M(\"k-1\"); }";
        using var together = CompiledHandlers.Compile($"{contract}\n{Handler}").Add();
        using var apart = CompiledHandlers.CompileApart(contract, Handler).Add();

        foreach (var handlers in new[] { together, apart })
        {
            var message = handlers.TypeOf("H").GetMethod("Create")!.Invoke(null, null)!;
            Assert.Equal("k-1", handlers.KeyOf(message));
        }
    }

    [Fact]
    public void Key_ShouldBeRefused_WhenItsTextIsThatOfARecordOfAnotherAssembly()
    {
        var ids = TestCompilation.Create("Ids", [], "namespace Ids; public readonly record struct Id(decimal Value); public sealed record Name(string Value);").ToReference();
        const string Sources = "[Event(\"a\")] public sealed record A([property: Key] Ids.Id Id); [Event(\"b\")] public sealed record B([property: Key] Ids.Name Id);";

        var run = GeneratorRun.Of(TestCompilation.Create("Shop", [ids], Sources));

        Assert.DoesNotContain("new MessageDefinition", run.File("CarillonMessages.g.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("MessageDefinition<", run.File("CarillonMessages.g.cs"), StringComparison.Ordinal);
    }
}
