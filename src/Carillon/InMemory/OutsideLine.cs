using System.Runtime.InteropServices;

namespace Carillon.InMemory;

/// <summary>The messages that wait until their subscription has room, in the order in which they came. Guarded by the lock of the subscription.</summary>
internal sealed class OutsideLine
{
    private readonly MessageRing _messages = new();
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);

    public int Count => _messages.Count;

    public ref readonly QueuedMessage First => ref _messages.First;

    /// <summary>Whether a message with that key waits.</summary>
    public bool Contains(string? key) => key is not null && _keys.ContainsKey(key);

    public void Enqueue(in Envelope envelope, long size)
    {
        _messages.Enqueue(envelope, position: 0, size);
        if (envelope.Key is { } key)
            CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _)++;
    }

    public QueuedMessage Dequeue()
    {
        var message = _messages.Dequeue();
        if (message.Envelope.Key is { } key && --CollectionsMarshal.GetValueRefOrNullRef(_keys, key) == 0)
            _keys.Remove(key);
        return message;
    }
}
