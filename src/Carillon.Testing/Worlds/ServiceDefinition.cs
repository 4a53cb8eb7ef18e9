using Carillon.Hosting;
using Carillon.Routing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Testing.Worlds;

/// <summary>A service of the world, before anything of it runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Versions">What it handles, in each of its versions, the oldest first.</param>
/// <param name="Instances">How many processes of it run.</param>
internal sealed record ServiceDefinition(string Name, List<Action<ICarillonBuilder>> Versions, int Instances)
{
    private readonly Dictionary<int, (string Subscription, HandlerScope Scope)[]> _handled = [];

    /// <summary>The number of its newest version, from 0.</summary>
    public int Newest => Versions.Count - 1;

    /// <summary>What a version handles.</summary>
    public IReadOnlyList<(string Subscription, HandlerScope Scope)> HandledBy(int version)
    {
        if (_handled.TryGetValue(version, out var known))
            return known;
        var builder = new CarillonBuilder(Name, new ServiceCollection());
        Versions[version](builder);
        return _handled[version] =
            [.. builder.Handlers.Where(static handler => !handler.IsLocal).SelectMany(handler => PlannedHandler.Of(handler).Scopes.Select(scope => (NameOf(handler), scope)))];
    }

    /// <summary>Whether a version has a handler for a message in a subscription.</summary>
    public bool Handles(int version, string subscription, in Envelope envelope) =>
        RoutedType.Of(envelope) is { } message && HandledBy(version).Any(handled => handled.Subscription == subscription && handled.Scope.Contains(message));

    /// <summary>The full name of a handler's subscription.</summary>
    public string NameOf(HandlerDefinition handler) => handler.Subscription is { } own ? $"{Name}.{own}" : Name;

    /// <summary>The patterns of topics that handlers of a subscription ask for.</summary>
    public IEnumerable<TopicPattern> PatternsOf(CarillonBuilder carillon, string subscription) => carillon.Handlers
        .Where(handler => !handler.IsLocal && NameOf(handler) == subscription).SelectMany(static handler => PlannedHandler.Of(handler).Wanted).Where(static topic => topic.HasWildcard);
}
