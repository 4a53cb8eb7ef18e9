using Carillon.Routing;
using Microsoft.Extensions.Configuration;

namespace Carillon.Hosting;

/// <summary>Applies the host's configuration, section <c>Carillon</c>, on top of what the code says, strictly.</summary>
internal static class ServiceSettings
{
    public const string Root = "Carillon";

    private const string SubscriptionsSection = "Subscriptions";

    public static void Apply(CarillonBuilder builder, HostedServices hosted, SubscriptionCatalog subscriptions, IConfiguration? configuration)
    {
        if (configuration is null)
            return;
        var root = new SettingsReader(configuration.GetSection(Root));
        foreach (var (section, read) in builder.Settings)
            root.Section(section, read);
        root.Section(SubscriptionsSection, settings => ReadSubscriptions(hosted, subscriptions, settings));
        foreach (var section in hosted.Sections)
            root.Allow(section);
        root.RefuseUnknown();
    }

    // The services of a host share the section: what is another one's is read by that one, and what is nobody's is refused.
    private static void ReadSubscriptions(HostedServices hosted, SubscriptionCatalog subscriptions, SettingsReader settings)
    {
        foreach (var name in hosted.SubscriptionNames)
            settings.Allow(name);
        foreach (var name in settings.Sections.Where(subscriptions.Contains).ToArray())
            settings.Section(name, subscriptions.For(name).Read);
    }
}
