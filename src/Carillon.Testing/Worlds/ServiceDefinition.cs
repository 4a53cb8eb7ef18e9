using Carillon.Hosting;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Testing.Worlds;

/// <summary>A service of the world, before anything of it runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Versions">What it handles, in each of its versions, the oldest first.</param>
/// <param name="Instances">How many processes of it run.</param>
internal sealed record ServiceDefinition(string Name, List<Action<ICarillonBuilder>> Versions, int Instances)
{
    private readonly Dictionary<int, (string Subscription, HandledType Type)[]> _handled = [];

    /// <summary>The number of its newest version, from 0.</summary>
    public int Newest => Versions.Count - 1;

    /// <summary>What a version handles.</summary>
    public IReadOnlyList<(string Subscription, HandledType Type)> HandledBy(int version)
    {
        if (_handled.TryGetValue(version, out var known))
            return known;
        var builder = new CarillonBuilder(Name, new ServiceCollection());
        Versions[version](builder);
        return _handled[version] =
            [.. builder.Handlers.Where(handler => handler is { IsLocal: false, Message: not null }).Select(handler => (NameOf(handler), new HandledType(handler.Message!.Name, handler.Message.Version)))];
    }

    /// <summary>The full name of a handler's subscription.</summary>
    public string NameOf(HandlerDefinition handler) => handler.Subscription is { } own ? $"{Name}.{own}" : Name;

    /// <summary>Whether a handler of a subscription asks for a pattern of topics.</summary>
    public bool AsksForPattern(CarillonBuilder carillon, string subscription) =>
        carillon.Handlers.Exists(handler => !handler.IsLocal && NameOf(handler) == subscription && handler.Topics is { } topics && topics.Any(topic => TopicPattern.Parse(topic).HasWildcard));
}
