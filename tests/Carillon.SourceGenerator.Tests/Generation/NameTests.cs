using Carillon.SourceGenerator.Tests.Compiling;

namespace Carillon.SourceGenerator.Tests.Generation;

/// <summary>Names that people give their types, and marks that they put on them, do not break what is generated.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("""namespace A_ { [Event("a")] public record B; } namespace A { [Event("b")] public record _B; }""")]
    [InlineData("""namespace A { [Event("a")] public record @event; [Command("b")] public record @class; public static class @static { [Handler] public static void @in(@event e) { } [Handler] public static void On(@class c) { } } }""")]
    [InlineData("""[Event("a")] public record Priority; [Event("b")] public record MessageKind; [Event("c")] public record AddTo; [Event("d")] public record ReferenceEquals; [Event("e")] public record MessageDefinition;""")]
    [InlineData("""namespace N { [Event("a")] public record X; [Event("b")] public record XDefinition; public static class H { [Handler] public static void On(X x) { } [Handler] public static void On(XDefinition x) { } } }""")]
    [InlineData("""namespace N { [Event("a")] public record Handlers; public static class A { [Handler] public static void N_A(Handlers x) { } } }""")]
    [InlineData("""public class Task { } public class ValueTask { } public class Type { } public class Array { } public class EventContext { } [Event("a")] public record Placed; public static class H { [Handler] public static void On(Placed placed) { } }""")]
    [InlineData("""namespace N { [Event("a")] public record Größe; [Event("b")] public record Тест; public static class H { [Handler] public static void On(Größe x) { } [Handler] public static void ON(Тест x) { } } }""")]
    [InlineData("""namespace N { public static class Outer { [Event("a")] public record Placed; public static class H { [Handler] public static void On(Placed x) { } } } public static class Other { [Event("b")] public record Placed; public static class H { [Handler] public static void On(Placed x) { } } } }""")]
    public void Generated_ShouldCompile_WhenNamesCouldCollide(string source) => GeneratorRun.Of(source).AssertCompiles();

    [Theory]
    [InlineData("[Obsolete]")]
    [InlineData("[Obsolete(\"use another one\")]")]
    [InlineData("[System.Diagnostics.CodeAnalysis.Experimental(\"SHOP001\")]")]
    public void Generated_ShouldCompile_WhenItsAuthorIsWarnedOfTheTypes(string mark) => GeneratorRun.Of($$"""
        #pragma warning disable
        {{mark}} [Event("a")] public record Placed([property: Key] string Id);
        public sealed class H { {{mark}} [Handler] public Placed? On(Packed packed) => null; }
        {{mark}} [Event("b")] public record Packed([property: Key] string Id);
        {{mark}} public static class Marked { [Handler] public static void On(Placed placed) { } }
        """).AssertCompiles();
}
