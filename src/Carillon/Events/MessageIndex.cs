namespace Carillon.Events;

/// <summary>Counts message types as they are first used.</summary>
internal static class MessageIndex
{
    private static int _count = -1;

    public static int Next() => Interlocked.Increment(ref _count);
}

/// <summary>The number of one message type, the same for the whole process: what makes <see cref="MessageSlots{TValue}"/> an array access.</summary>
internal static class MessageIndex<TMessage>
{
    public static readonly int Value = MessageIndex.Next();
}
