using Carillon.Transports;

namespace Carillon.Testing.Logs;

/// <summary>One partition of one subscription: up to where it is finished, and who may read it. Guarded by the lock of the log.</summary>
internal sealed class PartitionState(int number, long cursor)
{
    // Up to where messages may have been in the hands of an owner that died; null when none are left.
    private long? _uncleanTo;

    /// <summary>The partition.</summary>
    public int Number => number;

    /// <summary>Who may read it; null when it is free.</summary>
    public string? Owner { get; private set; }

    /// <summary>How often it was granted.</summary>
    public long Epoch { get; private set; }

    /// <summary>The last position up to which everything is finished.</summary>
    public long Cursor { get; private set; } = cursor;

    /// <summary>The type and topic of the next message, when the last owner stopped before it because another instance is for it.</summary>
    public RoutedType? Wanted { get; private set; }

    /// <summary>Grants the partition.</summary>
    public void Grant(string instance)
    {
        Owner = instance;
        Epoch++;
    }

    /// <summary>Takes the partition from its owner.</summary>
    public void Free() => Owner = null;

    /// <summary>
    /// The owner gives the partition back. What was in the hands of one that died, and is not finished, stays suspect; so does all, when the next message is for another instance: who
    /// cannot handle it has not survived it.
    /// </summary>
    /// <param name="wanted">The type and topic of the next message, if that is for another instance.</param>
    public void GiveBack(RoutedType? wanted)
    {
        Free();
        if (wanted is null && Cursor >= _uncleanTo)
            _uncleanTo = null;
        Wanted = wanted ?? Wanted;
    }

    /// <summary>The owner is not heard of any more.</summary>
    /// <param name="head">The end of the log.</param>
    public void Bury(long head)
    {
        Free();
        _uncleanTo = head;
    }

    /// <summary>Whether a lease on the partition holds.</summary>
    public bool IsHeld(string instance, long epoch) => Owner == instance && Epoch == epoch;

    /// <summary>Moves the cursor on, never back. Past a wanted message it is like any other.</summary>
    public void Move(long position)
    {
        if (position <= Cursor)
            return;
        (Cursor, Wanted) = (position, null);
    }

    /// <summary>The partition as its owner sees it.</summary>
    public LeasedPlace ToPlace() => new(number, Epoch, Cursor) { Wanted = Wanted, IsFromTheDead = _uncleanTo is not null };
}
