namespace Carillon.Routing;

/// <summary>The options of a service's subscriptions, by full name.</summary>
internal sealed class SubscriptionCatalog(IEnumerable<string> names)
{
    private readonly Dictionary<string, SubscriptionOptions> _byName =
        names.ToDictionary(name => name, _ => new SubscriptionOptions(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the service has a subscription of that full name, in any case.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The options of a subscription.</summary>
    /// <exception cref="CarillonConfigurationException">The service has no handler in such a subscription.</exception>
    public SubscriptionOptions For(string name) => _byName.TryGetValue(name, out var options) ? options : throw new CarillonConfigurationException(
        ErrorCodes.InvalidConfiguration,
        $"{name} is not a subscription: no handler belongs to it. The subscriptions are {string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal))}.");

    public void Validate()
    {
        foreach (var (name, options) in _byName)
            options.Validate($"Carillon:Subscriptions:{name}");
    }
}
