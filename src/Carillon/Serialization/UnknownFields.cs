using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Carillon.Serialization;

/// <summary>
/// Counts the properties of received bodies that their types do not know: a newer publisher, or a misspelt name. Costs nothing while there
/// are none, because it takes the place of an extension-data property, which is only called for them.
/// </summary>
internal sealed partial class UnknownFields
{
    private long _count;

    /// <summary>How many there were since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Adds the counter to a type.</summary>
    public void Observe(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow || type.Properties.Any(property => property.IsExtensionData))
            return;
        var counter = JsonMetadataServices.CreatePropertyInfo(type.Options, new JsonPropertyInfoValues<Dictionary<string, JsonElement>>
        {
            DeclaringType = type.Type,
            PropertyName = "$unknown",
            IsProperty = true,
            IsPublic = true,
            IsExtensionData = true,
            Getter = _ => null,
            Setter = (_, _) => Interlocked.Increment(ref _count),
        });
        type.Properties.Add(counter);
    }

    /// <summary>Knows the type of the counter where reflection is off.</summary>
    [JsonSerializable(typeof(Dictionary<string, JsonElement>))]
    internal sealed partial class JsonContext : JsonSerializerContext;
}
