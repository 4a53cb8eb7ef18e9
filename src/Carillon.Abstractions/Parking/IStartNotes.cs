namespace Carillon.Parking;

/// <summary>
/// What a parking store can do in addition: note, durably, that a message is about to be handled, so that a process which dies of it is found out.
/// </summary>
public interface IStartNotes
{
    /// <summary>
    /// How many other owners of the partition have noted that they were about to handle a message, and neither removed nor took back their note: so many processes
    /// have died in the meantime. What the same owner has noted does not count.
    /// </summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.ParkingFailed"/>.</exception>
    ValueTask<int> CountAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation);

    /// <summary>Notes that a message of the owner's partition is about to be handled.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.ParkingFailed"/> or <see cref="ErrorCodes.PartitionTakenOver"/>. Nothing was noted.</exception>
    ValueTask NoteAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation);

    /// <summary>Removes all notes about a message, if there are any: its handling has ended, and the process lives.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.ParkingFailed"/> or <see cref="ErrorCodes.PartitionTakenOver"/>. The note stays.</exception>
    ValueTask RemoveAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation);

    /// <summary>
    /// Takes back the note of one owner about a message, if there is one, also when the partition has another owner by now: its process lives, and the message was
    /// taken from it. The notes of other owners stay.
    /// </summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.ParkingFailed"/>. The note stays.</exception>
    ValueTask WithdrawAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation);
}
