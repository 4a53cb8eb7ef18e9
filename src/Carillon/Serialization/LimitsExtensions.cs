namespace Carillon;

/// <summary>Chooses how large messages may be.</summary>
public static class LimitsExtensions
{
    /// <summary>Sets the limits of the messages that the service sends and receives. Settings of the section <c>Limits</c> override them.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Changes the limits.</param>
    public static ICarillonBuilder Limits(this ICarillonBuilder builder, Action<EnvelopeLimits> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Options<EnvelopeLimits>());
        return builder;
    }
}
