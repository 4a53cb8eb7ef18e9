using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Carillon.Serialization;

/// <summary>Finds out what the values of a type may decide about its JSON.</summary>
internal static class BodyFreedoms
{
    private static readonly Assembly[] _known = [typeof(JsonSerializer).Assembly, typeof(EventId).Assembly, typeof(BodyFreedoms).Assembly];
    private static readonly Type[] _keys = [typeof(string), typeof(Guid), typeof(int), typeof(long), typeof(uint), typeof(ulong), typeof(short), typeof(ushort), typeof(byte), typeof(sbyte)];

    public static BodyFreedom Of(JsonTypeInfo type) => Of(type, []);

    private static BodyFreedom Of(JsonTypeInfo type, HashSet<Type> seen)
    {
        if (!seen.Add(type.Type))
            return BodyFreedom.Declared;
        var own = type.Kind switch
        {
            JsonTypeInfoKind.Object => OfProperties(type, seen),
            JsonTypeInfoKind.Enumerable => Of(type.ElementType, type, seen),
            JsonTypeInfoKind.Dictionary => Most(OfKeys(type), Of(type.ElementType, type, seen)),
            _ => OfConverter(type, seen),
        };
        return type.PolymorphismOptions?.DerivedTypes.Aggregate(own, (most, derived) => Most(most, Of(derived.DerivedType, type, seen))) ?? own;
    }

    private static BodyFreedom OfProperties(JsonTypeInfo type, HashSet<Type> seen)
    {
        var most = BodyFreedom.Declared;
        foreach (var property in type.Properties)
        {
            if (property.IsExtensionData)
                return BodyFreedom.Extended;
            if (property.CustomConverter is { } converter && !_known.Contains(converter.GetType().Assembly))
                most = Most(most, BodyFreedom.Open);
            else if (property.Get is not null)
                most = Most(most, Of(property.PropertyType, type, seen));
        }

        return most;
    }

    private static BodyFreedom OfKeys(JsonTypeInfo type) =>
        type.Options.DictionaryKeyPolicy is null && _keys.Contains(type.KeyType) ? BodyFreedom.Keyed : BodyFreedom.Open;

    private static BodyFreedom OfConverter(JsonTypeInfo type, HashSet<Type> seen)
    {
        if (Nullable.GetUnderlyingType(type.Type) is { } underlying)
            return Of(underlying, type, seen);
        return _known.Contains(type.Converter.GetType().Assembly) && !type.Type.IsGenericType && !IsAnything(type.Type) ? BodyFreedom.Declared : BodyFreedom.Open;
    }

    private static bool IsAnything(Type type) =>
        type == typeof(object) || type == typeof(JsonElement) || type == typeof(JsonDocument) || type.IsAssignableTo(typeof(JsonNode));

    private static BodyFreedom Of(Type? part, JsonTypeInfo whole, HashSet<Type> seen) =>
        part is not null && whole.Options.TryGetTypeInfo(part, out var type) ? Of(type, seen) : BodyFreedom.Open;

    private static BodyFreedom Most(BodyFreedom one, BodyFreedom other) => one > other ? one : other;
}
