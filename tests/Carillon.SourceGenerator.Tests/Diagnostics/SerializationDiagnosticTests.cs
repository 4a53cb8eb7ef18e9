using Carillon.SourceGenerator.Tests.Compiling;

namespace Carillon.SourceGenerator.Tests.Diagnostics;

public sealed class SerializationDiagnosticTests
{
    private const string Types = """
        using System.Collections.ObjectModel;
        using System.Collections.Immutable;
        using System.IO;
        using System.Text.Json;
        using System.Text.Json.Serialization;

        public sealed record Line(string Product, int Quantity, Line? Next);
        public sealed record Bad(Stream Raw);
        public interface IShape;
        public abstract record Shape;
        [JsonDerivedType(typeof(Circle), "circle")] public abstract record Known;
        public sealed record Circle(double Radius) : Known;
        public sealed class NoConstructor { private NoConstructor() { } }
        public sealed class TwoConstructors { public TwoConstructors(int a) { A = a; } public TwoConstructors(string a) { A = a.Length; } public int A { get; } }
        public sealed class Marked { [JsonConstructor] public Marked(int a) { A = a; } public Marked(string a) { A = a.Length; } public int A { get; } }
        public sealed class Unbound { public Unbound(int number) { A = number; } public int A { get; } }
        public readonly struct Money { public Money(int cents) { Cents = cents; } public int Cents { get; } }
        public sealed class Converter : JsonConverter<Bad>
        {
            public override Bad Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => null!;
            public override void Write(Utf8JsonWriter writer, Bad value, JsonSerializerOptions options) { }
        }
        public sealed record Endless<T>(T Value, Endless<Endless<T>>? Next);

        """;

    [Theory]
    [InlineData("Action")]
    [InlineData("Func<int>?")]
    [InlineData("Type")]
    [InlineData("Stream")]
    [InlineData("MemoryStream")]
    [InlineData("IntPtr")]
    [InlineData("nuint")]
    [InlineData("Task")]
    [InlineData("Task<int>")]
    [InlineData("ValueTask<int>")]
    [InlineData("CancellationToken")]
    [InlineData("InvalidOperationException")]
    [InlineData("int[,]")]
    [InlineData("(int, string)")]
    [InlineData("IAsyncEnumerable<int>")]
    [InlineData("IShape")]
    [InlineData("Shape")]
    [InlineData("NoConstructor")]
    [InlineData("TwoConstructors")]
    [InlineData("Unbound")]
    [InlineData("ReadOnlyCollection<int>")]
    [InlineData("Dictionary<Line, int>")]
    [InlineData("System.Net.IPAddress")]
    [InlineData("List<Dictionary<string, Action>>")]
    public async Task Message_ShouldBeCRL0006_WhenItHoldsThis(string type)
    {
        var found = await AnalyzerRun.AnalyzeAsync(TestCompilation.Create($"{Types}[Event(\"m\")] public sealed record M(string Id, {type} Value);"));

        Assert.All(found, diagnostic => Assert.Equal("CRL0006", diagnostic.Id));
        Assert.Contains(found, diagnostic => AnalyzerRun.MessageOf(diagnostic).Contains("'M.Value", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[Event(\"m\")] public sealed record M(Action [|A|], Type [|B|]);")]
    [InlineData("public sealed record Part(Stream [|Raw|]); [Event(\"m\")] public sealed record M(IReadOnlyList<Part> Parts);")]
    [InlineData("[Event(\"m\")] public abstract record [|M|];")]
    [InlineData("[Event(\"m\")] public sealed record M { public List<int> [|Lines|] { get; } = []; }")]
    [InlineData("[Event(\"m\")] public readonly struct M { public M(int a) { A = a; } public int [|A|] { get; } }")]
    public Task Message_ShouldBeCRL0006WhereItIsDeclared_WhenAMemberIsWrong(string source) =>
        AnalyzerRun.AssertAsync("CRL0006", $"using System.IO;\n{source}");

    [Theory]
    [InlineData("int? Value")]
    [InlineData("decimal Value")]
    [InlineData("byte[] Value")]
    [InlineData("object Value")]
    [InlineData("JsonElement Value")]
    [InlineData("Uri Value")]
    [InlineData("DayOfWeek Value")]
    [InlineData("Line Value")]
    [InlineData("Line[][] Value")]
    [InlineData("IReadOnlyDictionary<Guid, ImmutableArray<Line>> Value")]
    [InlineData("HashSet<string> Value")]
    [InlineData("Queue<Line> Value")]
    [InlineData("Known Value")]
    [InlineData("Marked Value")]
    [InlineData("KeyValuePair<string, int> Value")]
    [InlineData("Endless<int> Value")]
    [InlineData("[property: JsonIgnore] Stream Value")]
    [InlineData("[property: JsonConverter(typeof(Converter))] Bad Value")]
    public Task Message_ShouldBeClean_WhenItHoldsThis(string member) =>
        AnalyzerRun.AssertCleanAsync($"{Types}[Event(\"m\")] public sealed record M(string Id, {member});");

    [Theory]
    [InlineData("public string Kind { get; } = \"m\";")]
    [InlineData("public int Double => Value * 2;")]
    [InlineData("[JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)] public List<int> Lines { get; } = [];")]
    [InlineData("public static Stream? Shared { get; set; }")]
    [InlineData("private Stream? Own { get; set; }")]
    public Task Message_ShouldBeClean_WhenAMemberIsNotData(string member) =>
        AnalyzerRun.AssertCleanAsync($"{Types}[Event(\"m\")] public sealed record M(int Value) {{ {member} }}");
}
