namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>Messages and services that compiled handlers and the tests both know.</summary>
public static class Sample
{
    public interface IOutcome;

    [Event("sample.placed", Version = 3)]
    public sealed record Placed([property: Key] string Id, int Amount = 1);

    [Event("sample.shipped")]
    public sealed record Shipped([property: Key] Guid Id) : IOutcome;

    [Event("sample.counted")]
    public readonly record struct Counted(int Number) : IOutcome;

    [Command("sample.pack")]
    public record Pack([property: Key] int? Number) : IOutcome;

    [Command("sample.pack.carefully")]
    public sealed record PackCarefully(int? Number, string Wrapping) : Pack(Number);

    public sealed record Stranger : IOutcome;

    public sealed class Notes
    {
        public List<object?> Written { get; } = [];
    }

    public sealed record Named(string Name);
}
