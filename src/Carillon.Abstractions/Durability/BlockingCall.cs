namespace Carillon.Durability;

/// <summary>
/// Says to stores that the calling thread waits for what it asks of them. A store whose driver has synchronous calls uses those then: everything is complete when it
/// returns, and needs no other thread, of which there may be none while many wait.
/// </summary>
public static class BlockingCall
{
    [ThreadStatic]
    private static bool _isCurrent;

    /// <summary>Whether the calling code runs in one.</summary>
    public static bool IsCurrent => _isCurrent;

    /// <summary>Does something and waits until it is done. What is not complete at once goes on as usual, on other threads.</summary>
    /// <param name="start">Begins it.</param>
    public static void Run(Func<ValueTask> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        // Continuations must not be sent to a context whose one thread waits here.
        var (context, before) = (SynchronizationContext.Current, _isCurrent);
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Begin(start).GetAwaiter().GetResult();
        }
        finally
        {
            _isCurrent = before;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static Task Begin(Func<ValueTask> start)
    {
        _isCurrent = true;
        var work = start().AsTask();
        _isCurrent = false;
        return work;
    }
}
