using System.Collections.Concurrent;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>What a test wants handlers to do, and what they did.</summary>
public sealed class HandlerSteps
{
    /// <summary>How many more runs fail after everything was written.</summary>
    public int Failures { get; set; }

    /// <summary>Whether the handler saves by itself.</summary>
    public bool Saves { get; set; }

    /// <summary>What a handler does with a context, if it is not to do what it always does.</summary>
    public Func<ShopContext, Task> Use { get; set; } = static _ => Task.CompletedTask;

    /// <summary>The contexts that handlers worked with.</summary>
    public ConcurrentQueue<ShopContext> Contexts { get; } = new();

    /// <summary>Records a run's context, and fails if it is to.</summary>
    public void Run(ShopContext context)
    {
        Contexts.Enqueue(context);
        if (Failures-- > 0)
            throw new TransientException();
    }
}
