using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Carillon.Serialization;

/// <summary>
/// Counts the properties of received bodies that their types do not know: a newer publisher, or a misspelt name. Costs nothing while there
/// are none: to System.Text.Json it is the dictionary for extension data of every message, into which only unknown properties are put.
/// Always empty, because it keeps nothing.
/// </summary>
internal sealed partial class UnknownFields : IDictionary<string, JsonElement>
{
    private long _seen;

    /// <summary>How many there were since the start.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    public int Count => 0;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => [];

    public ICollection<JsonElement> Values => [];

    public JsonElement this[string key]
    {
        get => throw new KeyNotFoundException();
        set => Interlocked.Increment(ref _seen);
    }

    /// <summary>Adds the counter to a type.</summary>
    public void Observe(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow || type.Properties.Any(property => property.IsExtensionData))
            return;
        type.Properties.Add(JsonMetadataServices.CreatePropertyInfo(type.Options, new JsonPropertyInfoValues<IDictionary<string, JsonElement>>
        {
            DeclaringType = type.Type,
            PropertyName = "$unknown",
            IsProperty = true,
            IsPublic = true,
            IsExtensionData = true,
            Getter = _ => this,
            Setter = static (_, _) => { },
        }));
    }

    public void Add(string key, JsonElement value) => this[key] = value;

    public void Add(KeyValuePair<string, JsonElement> item) => this[item.Key] = item.Value;

    public void Clear()
    {
    }

    public bool Contains(KeyValuePair<string, JsonElement> item) => false;

    public bool ContainsKey(string key) => false;

    public void CopyTo(KeyValuePair<string, JsonElement>[] array, int arrayIndex)
    {
    }

    public IEnumerator<KeyValuePair<string, JsonElement>> GetEnumerator() => Enumerable.Empty<KeyValuePair<string, JsonElement>>().GetEnumerator();

    public bool Remove(string key) => false;

    public bool Remove(KeyValuePair<string, JsonElement> item) => false;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonElement value)
    {
        value = default;
        return false;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Knows the type of the dictionary where reflection is off.</summary>
    [JsonSerializable(typeof(IDictionary<string, JsonElement>))]
    internal sealed partial class JsonContext : JsonSerializerContext;
}
