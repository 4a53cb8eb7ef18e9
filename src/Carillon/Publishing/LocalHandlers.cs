using System.Collections.Concurrent;

namespace Carillon.Publishing;

/// <summary>The local handlers of one service, in the order of registration.</summary>
internal sealed class LocalHandlers
{
    private readonly HandlerDefinition[] _all;
    private readonly ConcurrentDictionary<Type, HandlerDefinition[]> _byType = new();

    /// <summary>Takes the local ones out of all handlers of a service.</summary>
    /// <exception cref="CarillonConfigurationException">A local handler takes envelopes, which only exist between services.</exception>
    public LocalHandlers(IEnumerable<HandlerDefinition> handlers)
    {
        _all = [.. handlers.Where(handler => handler.IsLocal)];
        foreach (var handler in _all)
        {
            if (handler.Message is null)
            {
                throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                    $"The local handler {handler.Name} takes an Envelope: give it a message type, for local events do not travel.");
            }
        }
    }

    /// <summary>The handlers of messages of a type: those of the type itself and of the types it derives from.</summary>
    public HandlerDefinition[] For(Type type) => _byType.GetOrAdd(
        type, static (type, all) => [.. all.Where(handler => handler.Message!.ClrType.IsAssignableFrom(type))], _all);
}
