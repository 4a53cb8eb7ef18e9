namespace Carillon;

/// <summary>Chooses how the service's outbox is sent.</summary>
public static class RelayingExtensions
{
    /// <summary>Sets the options of the service's relay. Settings of the section <c>Outbox</c> override them.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Changes the options.</param>
    public static ICarillonBuilder Outbox(this ICarillonBuilder builder, Action<OutboxOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Options<OutboxOptions>());
        return builder;
    }
}
