namespace Carillon;

/// <summary>What a publisher does when its buffer is full because the transport is slower than the callers.</summary>
public enum OverloadBehavior
{
    /// <summary>The call waits for room. The default.</summary>
    Wait = 0,

    /// <summary>The call throws <see cref="PublisherOverloadedException"/> at once, and nothing is stored.</summary>
    Throw = 1,
}
