namespace Carillon.Hosting;

/// <summary>The services in one host, in the order in which they were added.</summary>
internal sealed class HostedServices
{
    public List<CarillonBuilder> Builders { get; } = [];

    /// <summary>The settings sections that any of them reads.</summary>
    public IEnumerable<string> Sections => Builders.SelectMany(builder => builder.Settings).Select(setting => setting.Section);

    /// <summary>The full names of the subscriptions of all of them.</summary>
    public IEnumerable<string> SubscriptionNames => Builders.SelectMany(builder => builder.SubscriptionNames);

    public bool Contains(string service) => Builders.Exists(builder => builder.Service == service);

    /// <summary>The host's only service, for what is injected without saying of which service.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public string OnlyName(string injected) => Builders is [var only] ? only.Service : throw new InvalidOperationException(
        $"This host runs the services {string.Join(", ", Builders.Select(builder => builder.Service))}. Outside a handler, say which one is meant: [FromKeyedServices(\"{Builders[0].Service}\")] {injected}.");
}
