using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Carillon.Events;

namespace Carillon.Serialization;

/// <summary>Makes the serializer's final options out of what the service configured.</summary>
internal static class JsonTypes
{
    public static JsonSerializerOptions CreateOptions(JsonSerializerOptions configured, EnvelopeLimits limits, Action<JsonTypeInfo> modify)
    {
        List<IJsonTypeInfoResolver> resolvers = [.. configured.TypeInfoResolverChain];
        if (ReflectionFeature.IsEnabled)
            resolvers.Add(CreateReflectionResolver());
        resolvers.Add(UnknownFields.JsonContext.Default);
        var options = new JsonSerializerOptions(configured)
        {
            MaxDepth = limits.Depth,
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. resolvers])
                .WithAddedModifier(modify)
                .WithAddedModifier(KeepDeclaredNumberHandling),
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Has properties written whose absence a reader refuses, also where the service leaves out what is null or has its default.</summary>
    public static void WriteWhatIsRequired(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property is { IsRequired: true, ShouldSerialize: not null } || (property.IsRequired && type.Options.DefaultIgnoreCondition != JsonIgnoreCondition.Never))
                property.ShouldSerialize = static (_, _) => true;
        }
    }

    // A property that declares how its number is written keeps the converter of the library: the two cannot be combined.
    private static void KeepDeclaredNumberHandling(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.NumberHandling is null || property.CustomConverter is not null)
                continue;
            if (property.PropertyType == typeof(double))
                property.CustomConverter = JsonMetadataServices.DoubleConverter;
            else if (property.PropertyType == typeof(float))
                property.CustomConverter = JsonMetadataServices.SingleConverter;
            else if (property.PropertyType == typeof(Half))
                property.CustomConverter = JsonMetadataServices.HalfConverter;
        }
    }

    [RequiresUnreferencedCode("Reads types by reflection.")]
    [RequiresDynamicCode("Reads types by reflection.")]
    private static DefaultJsonTypeInfoResolver CreateReflectionResolver() => new();
}
