namespace Carillon.EntityFrameworkCore;

/// <summary>Waits for asynchronous work where Entity Framework Core offers a synchronous call only.</summary>
internal static class Blocking
{
    public static void Wait(Func<ValueTask> start)
    {
        // Continuations must not be sent to a context whose one thread waits here.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            start().AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
