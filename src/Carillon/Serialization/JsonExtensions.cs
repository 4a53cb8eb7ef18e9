using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon;

/// <summary>Chooses how message bodies become JSON.</summary>
public static class JsonExtensions
{
    /// <summary>
    /// Uses the types of a source-generated context, for speed and for ahead-of-time compilation. May be called several times; the contexts
    /// are asked in that order. Only the context's type information is used, not its options.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="context">The context, such as <c>ShopJsonContext.Default</c>.</param>
    public static ICarillonBuilder UseJson(this ICarillonBuilder builder, JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(context);
        builder.Options<MessageJsonOptions>().Serializer.TypeInfoResolverChain.Add(context);
        return builder;
    }

    /// <summary>Changes the options of the serializer; see <see cref="MessageJsonOptions"/> for the defaults.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Changes the options.</param>
    public static ICarillonBuilder UseJson(this ICarillonBuilder builder, Action<JsonSerializerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Options<MessageJsonOptions>().Serializer);
        return builder;
    }
}
