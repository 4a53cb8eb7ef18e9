namespace Carillon.Relational;

/// <summary>What a write operation works with: a session inside a transaction.</summary>
internal abstract class WriteSession : Session
{
    private static int _turn;

    /// <summary>The time of the transaction, by the clock that all who share the database go by.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary><see cref="Now"/> as tables hold it.</summary>
    public long StoredNow { get; private set; }

    /// <summary>What the transaction changed.</summary>
    public DatabaseChange Changes { get; private set; }

    /// <summary>By how much <see cref="Now"/> is ahead of this process's own clock.</summary>
    public TimeSpan Skew { get; private set; }

    /// <summary>
    /// Waits until no other transaction works on the same thing, and keeps others from it until this one has ended. Where a database has
    /// one writer there is nothing to wait for.
    /// </summary>
    public abstract ValueTask LockAsync(LockScope scope, string name, CancellationToken cancellation);

    /// <summary>Makes sure that the time of the transaction is known.</summary>
    public virtual ValueTask AskTimeAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Notes a change that others wait for.</summary>
    public void Changed(DatabaseChange change) => Changes |= change;

    /// <summary>A time that this process's clock gave, as tables hold it.</summary>
    public long Stored(DateTimeOffset local) => StoredTime.From(local) + Skew.Ticks;

    /// <summary>A number that grows with each call, for spreading what has no key.</summary>
    public static int NextTurn() => Interlocked.Increment(ref _turn) & int.MaxValue;

    /// <summary>A transaction has begun.</summary>
    protected void Begin(DateTimeOffset now, TimeSpan skew)
    {
        Now = now;
        Skew = skew;
        StoredNow = StoredTime.From(now);
        Changes = DatabaseChange.None;
    }
}
