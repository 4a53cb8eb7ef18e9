namespace Carillon;

/// <summary>Chooses when a service calls itself degraded or unhealthy.</summary>
public static class HealthExtensions
{
    /// <summary>Sets the options of the service's health. Settings of the section <c>Health</c> override them.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Changes the options.</param>
    public static ICarillonBuilder Health(this ICarillonBuilder builder, Action<HealthOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Options<HealthOptions>());
        return builder;
    }
}
