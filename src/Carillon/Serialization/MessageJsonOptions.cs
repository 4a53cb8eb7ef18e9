using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Carillon.Serialization;

namespace Carillon;

/// <summary>
/// How message bodies become JSON and back. The defaults are those of the web (camelCase), read strictly: property names may not
/// appear twice, required constructor parameters and nullability are respected, comments, trailing commas, quoted numbers and numbers out of
/// range are refused. Unknown properties are accepted and counted. An enumeration is a number unless its type names a converter, and a number
/// that its type does not name is accepted; write a string converter on the type to refuse unknown names.
/// </summary>
public sealed class MessageJsonOptions
{
    /// <summary>
    /// The options of System.Text.Json, open to change until the host starts. Reflection is added as the last resolver where the
    /// application allows it. Properties that a reader requires are written also where
    /// <see cref="JsonSerializerOptions.DefaultIgnoreCondition"/> or <see cref="JsonIgnoreAttribute"/> would leave them out for their value.
    /// <see cref="JsonSerializerOptions.MaxDepth"/> is taken from <see cref="EnvelopeLimits.Depth"/>.
    /// </summary>
    public JsonSerializerOptions Serializer { get; } = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters =
        {
            new FiniteNumberConverter<double>(JsonMetadataServices.DoubleConverter),
            new FiniteNumberConverter<float>(JsonMetadataServices.SingleConverter),
            new FiniteNumberConverter<Half>(JsonMetadataServices.HalfConverter),
        },
    };
}
