using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Serialization;

/// <summary>Types that System.Text.Json writes as one value, and types that it refuses or writes wrongly.</summary>
internal static class JsonTypes
{
    private static readonly string[] _values =
    [
        "System.Guid", "System.DateTimeOffset", "System.TimeSpan", "System.DateOnly", "System.TimeOnly", "System.Uri", "System.Version",
        "System.Half", "System.Int128", "System.UInt128", "System.Text.Json.JsonElement", "System.Text.Json.JsonDocument",
        "System.Text.Json.Nodes.JsonNode", "System.Text.Json.Nodes.JsonObject", "System.Text.Json.Nodes.JsonArray",
        "System.Text.Json.Nodes.JsonValue",
    ];

    private static readonly Dictionary<string, string> _refused = new()
    {
        ["System.Delegate"] = "is a delegate",
        ["System.Reflection.MemberInfo"] = "is a type or member of code",
        ["System.Reflection.Assembly"] = "is an assembly",
        ["System.IO.Stream"] = "is a stream",
        ["System.Threading.Tasks.Task"] = "is a task",
        ["System.Threading.Tasks.ValueTask"] = "is a task",
        ["System.Threading.CancellationToken"] = "is a cancellation token",
        ["System.Exception"] = "is an exception",
        ["System.Linq.Expressions.Expression"] = "is an expression",
        ["System.Runtime.InteropServices.SafeHandle"] = "is a handle",
        ["System.Numerics.BigInteger"] = "is a number that JSON does not carry",
        ["System.Text.Rune"] = "is a rune, which is not read back",
    };

    public static bool IsValue(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Enum
        || type.SpecialType is SpecialType.System_Object or SpecialType.System_String or SpecialType.System_DateTime
            or (>= SpecialType.System_Boolean and <= SpecialType.System_Double)
        || _values.Any(name => type.Is(name))
        || type.Is("System.Memory", 1)
        || type.Is("System.ReadOnlyMemory", 1);

    public static string? ReasonAgainst(ITypeSymbol type) => type switch
    {
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => "is a pointer",
        IArrayTypeSymbol { Rank: > 1 } => "is an array of several dimensions; use an array of arrays",
        { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => "is a native integer",
        { IsRefLikeType: true } => "is a ref struct",
        INamedTypeSymbol { IsTupleType: true } => "is a tuple, whose fields JSON leaves out; use a record",
        _ when type.Is("System.Threading.Tasks.ValueTask", 1) => "is a task",
        _ when type.Is("System.Collections.Generic.IAsyncEnumerable", 1) => "is an asynchronous sequence",
        _ => type.SelfAndBases().Select(Refused).FirstOrDefault(reason => reason is not null),
    };

    private static string? Refused(ITypeSymbol type) =>
        type is INamedTypeSymbol { Arity: 0, ContainingType: null }
        && _refused.TryGetValue(type.ToDisplayString(), out var reason) ? reason : null;
}
