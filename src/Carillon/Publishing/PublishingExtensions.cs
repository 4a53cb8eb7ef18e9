namespace Carillon;

/// <summary>Chooses how the service publishes.</summary>
public static class PublishingExtensions
{
    /// <summary>Sets the options of the service's publisher. Settings of the section <c>Publishing</c> override them.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Changes the options.</param>
    public static ICarillonBuilder Publishing(this ICarillonBuilder builder, Action<PublisherOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Options<PublisherOptions>());
        return builder;
    }
}
