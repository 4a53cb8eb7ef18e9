namespace Carillon;

/// <summary>What becomes of the later messages of a key whose message became a dead letter.</summary>
public enum DeadLetterPolicy
{
    /// <summary>They wait behind it, in order, until it is replayed or discarded; other keys go on. The default.</summary>
    ParkKey = 0,

    /// <summary>They go on without it. For subscriptions in which each message stands for itself.</summary>
    Skip = 1,
}
