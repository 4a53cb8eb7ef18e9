using Carillon.SourceGenerator.Tests.Compiling;

namespace Carillon.SourceGenerator.Tests.Diagnostics;

public sealed class MessageDiagnosticTests
{
    [Theory]
    [InlineData("[[|Event(\"\")|]] public sealed record M(int A);")]
    [InlineData("[[|Event(null!)|]] public sealed record M(int A);")]
    [InlineData("[[|Event(\"order created\")|]] public sealed record M(int A);")]
    [InlineData("[[|Event(\"order..created\")|]] public sealed record M(int A);")]
    [InlineData("[[|Event(\".order\")|]] public sealed record M(int A);")]
    [InlineData("[[|Command(\"größe\")|]] public sealed record M(int A);")]
    [InlineData("[[|Event(\"System.String\")|]] public sealed record M(int A);")]
    [InlineData("[[|Event(\"a\", Version = 0)|]] public sealed record M(int A);")]
    [InlineData("[[|Event(\"a\", Topic = \"order.*\")|]] public sealed record M(int A);")]
    [InlineData("[[|Event(\"a\")|], Command(\"b\")] public sealed record M(int A);")]
    public Task Message_ShouldBeCRL0003_WhenItsNameIsNotValid(string source) => AnalyzerRun.AssertAsync("CRL0003", source);

    [Fact]
    public Task Message_ShouldBeCRL0003_WhenItsNameIsTooLong() =>
        AnalyzerRun.AssertAsync("CRL0003", $"[[|Event(\"{new string('a', 201)}\")|]] public sealed record M(int A);");

    [Fact]
    public async Task Message_ShouldBeCRL0007_WhenAnotherHasItsNameAndVersion()
    {
        var found = await AnalyzerRun.AssertAsync("CRL0007", """
            [Event("order.created")] public sealed record First(int A);
            [Event("order.created", Version = 1)] public sealed record [|Second|](int A);
            [Event("order.created", Version = 2)] public sealed record Third(int A);
            """);

        Assert.Contains("\"order.created\" version 1", AnalyzerRun.MessageOf(found[0]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Event(\"a\")] public sealed record M([property: Key] string A, [property: Key] string [|B|]);")]
    [InlineData("[Event(\"a\")] public sealed record M([property: Key] IReadOnlyList<string> [|A|]);")]
    [InlineData("[Event(\"a\")] public sealed record M([property: Key] double [|A|]);")]
    [InlineData("[Event(\"a\")] public sealed record M([property: Key] DateTime? [|A|]);")]
    [InlineData("public record struct Id(int Value); [Event(\"a\")] public sealed record M([property: Key] Id [|A|]);")]
    [InlineData("public class Id { public int Value { get; set; } } [Event(\"a\")] public sealed record M([property: Key] Id [|A|]);")]
    [InlineData("[Event(\"a\")] public sealed record M { [Key] public string [|A|] { set { } } }")]
    [InlineData("[Event(\"a\")] public sealed record M { [Key] private string [|A|] { get; set; } = \"\"; }")]
    [InlineData("[Event(\"a\")] public sealed record M { [Key] public static string [|A|] { get; } = \"\"; }")]
    [InlineData("public abstract record Root([property: Key] string [|A|]); [Event(\"a\")] public sealed record M(string A, [property: Key] string B) : Root(A);")]
    public Task Message_ShouldBeCRL0008_WhenItsKeyIsNotUsable(string source) => AnalyzerRun.AssertAsync("CRL0008", source);

    [Theory]
    [InlineData("[Event(\"a\")] public sealed record [|M|]<T>(int A);")]
    [InlineData("[Event(\"a\")] public static class [|M|];")]
    [InlineData("[Event(\"a\")] public ref struct [|M|] { }")]
    [InlineData("public class O { [Event(\"a\")] private sealed record [|M|](int A); }")]
    [InlineData("public class O<T> { [Event(\"a\")] public sealed record [|M|](int A); }")]
    [InlineData("[Event(\"a\")] file sealed record [|M|](int A);")]
    public Task Message_ShouldBeCRL0014_WhenItCannotBeNamed(string source) => AnalyzerRun.AssertAsync("CRL0014", source);

    [Theory]
    [InlineData("[Event(\"Order-1.created_x\", Version = 7, Topic = \"orders\", Priority = Priority.High)] public sealed record M([property: Key] string? A);")]
    [InlineData("[Command(\"a\")] public readonly record struct M([property: Key] Guid? A);")]
    [InlineData("[Event(\"a\")] public class M { [Key] public int A { get; set; } }")]
    [InlineData("[Event(\"a\")] public sealed record M([property: Key] DateOnly A);")]
    [InlineData("[Event(\"a\")] public sealed record M([property: Key] DayOfWeek A);")]
    [InlineData("public readonly record struct Id(int Value) { public override string ToString() => \"x\"; } [Event(\"a\")] public sealed record M([property: Key] Id A);")]
    [InlineData("public abstract record Root { [Key] public abstract string A { get; init; } } [Event(\"a\")] public sealed record M : Root { [Key] public override string A { get; init; } = \"\"; }")]
    [InlineData("public class O { [Event(\"a\")] internal sealed record M(int A); }")]
    public Task Message_ShouldBeClean_WhenNothingIsWrong(string source) => AnalyzerRun.AssertCleanAsync(source);
}
