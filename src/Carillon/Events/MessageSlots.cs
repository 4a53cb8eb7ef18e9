namespace Carillon.Events;

/// <summary>One value per message type. Reading is one array access, without a dictionary; writing is rare.</summary>
internal sealed class MessageSlots<TValue>
    where TValue : class
{
    private readonly Lock _gate = new();
    private TValue?[] _values = [];

    public TValue? Get<TMessage>()
    {
        var values = Volatile.Read(ref _values);
        var index = MessageIndex<TMessage>.Value;
        return (uint)index < (uint)values.Length ? Volatile.Read(ref values[index]) : null;
    }

    public void Set<TMessage>(TValue value)
    {
        var index = MessageIndex<TMessage>.Value;
        lock (_gate)
        {
            var values = _values;
            if (index >= values.Length)
                Array.Resize(ref values, Math.Max(index + 1, values.Length * 2));
            Volatile.Write(ref values[index], value);
            Volatile.Write(ref _values, values);
        }
    }
}
