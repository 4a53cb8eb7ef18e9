using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Generating;

/// <summary>JSON texts that are allowed to be written and hard to read: doubled names, deep nests, thousands of properties, odd texts and numbers.</summary>
internal static class HostileJson
{
    private static readonly string[] _literals =
    [
        "null", "true", "0", "-0", "1e400", "-1e-400", "12345678901234567890123456789012345678901234567890", "1.0000000000000000000000000000000001",
        "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude00\"", "\"\u2028\"", "\"/Date(0)/\"", "[]", "{}", "\"x:y\"",
    ];

    private static readonly string[] _names =
    [
        "a", "A", "b", "name", "Name", "\\u006eame", "", "\\u0000", "\\ud800", "\\ud801", "\\ufffd", "é", "e\\u0301", "ı", "İ", "ſ", "s", "K", "k", "$type", "$id", "$ref", "$values",
        "$unknown", "rest", "node", "__proto__",
    ];

    /// <summary>Options for reading such a text, which allow all of it.</summary>
    public static JsonDocumentOptions Deep { get; } = new() { MaxDepth = 256 };

    /// <summary>The name of a property, as it stands between the quotes.</summary>
    public static Gen<string> Names { get; } = Gen.Frequency((8, Gen.Elements(_names)), (1, Gen.Choose(0, 9).Select(number => $"n{number}")));

    /// <summary>The text of an object.</summary>
    public static Gen<string> Objects { get; } = Gen.Frequency((8, Object(3)), (2, Nested), (1, Wide));

    private static Gen<string> Nested =>
        from depth in Gen.OneOf(Gen.Choose(26, 34), Gen.Choose(60, 70))
        from isArray in Gen.Elements(true, false)
        select "{\"deep\":" + string.Concat(Enumerable.Repeat(isArray ? "[" : "{\"a\":", depth)) + (isArray ? "" : "1") + new string(isArray ? ']' : '}', depth) + "}";

    private static Gen<string> Wide =>
        from count in Gen.Frequency((2, Gen.Choose(9_985, 10_005)), (1, Gen.Choose(1_000, 20_000)))
        from isOneObject in Gen.Elements(true, false)
        select isOneObject
            ? "{" + string.Join(',', Enumerable.Range(0, count).Select(number => $"\"p{number}\":0")) + "}"
            : "{\"many\":[" + string.Join(',', Enumerable.Repeat("{\"p\":0}", count)) + "]}";

    /// <summary>The text as System.Text.Json holds it, which it does as it stands.</summary>
    public static JsonElement Parse(string json) => JsonDocument.Parse(json, Deep).RootElement;

    private static Gen<string> Object(int levels) =>
        from count in Gen.Choose(0, 4)
        from names in Gen.CollectToArray(Enumerable.Repeat(Names, count))
        from values in Gen.CollectToArray(Enumerable.Repeat(Value(levels - 1), count))
        select "{" + string.Join(',', names.Zip(values, (name, value) => $"\"{name}\":{value}")) + "}";

    private static Gen<string> Value(int levels) => levels == 0
        ? Gen.Elements(_literals)
        : Gen.Frequency(
            (4, Gen.Elements(_literals)),
            (2, Gen.Fresh(static () => 0).SelectMany(_ => Object(levels))),
            (1, Value(levels - 1).ArrayOf().Resize(3).Select(values => "[" + string.Join(',', values) + "]")));
}
