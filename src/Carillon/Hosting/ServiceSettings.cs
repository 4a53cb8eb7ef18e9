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
        root.Section(SubscriptionsSection, settings => ReadSubscriptions(builder, subscriptions, settings));
        foreach (var section in hosted.Sections)
            root.Allow(section);
        root.RefuseUnknown();
    }

    private static void ReadSubscriptions(CarillonBuilder builder, SubscriptionCatalog subscriptions, SettingsReader settings)
    {
        foreach (var name in settings.Sections.ToArray())
        {
            if (!IsOf(builder.Service, name))
                settings.Allow(name);
            else if (subscriptions.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
                settings.Section(name, subscriptions.For(name).Read);
        }
    }

    private static bool IsOf(string service, string subscription) =>
        subscription.Equals(service, StringComparison.OrdinalIgnoreCase) || subscription.StartsWith(service + ".", StringComparison.OrdinalIgnoreCase);
}
