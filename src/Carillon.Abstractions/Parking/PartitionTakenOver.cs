namespace Carillon.Parking;

/// <summary>How a parking store refuses to write for somebody who is not the owner any more.</summary>
public static class PartitionTakenOver
{
    /// <summary>The refusal.</summary>
    /// <param name="owner">Who wanted to write.</param>
    public static CarillonException Refuse(ParkingOwner owner) => new(ErrorCodes.PartitionTakenOver,
        $"Partition {owner.Partition} of {owner.Subscription} has another owner by now, and what its earlier owner wrote about parked messages was refused. Nothing is to be done: the new owner has the messages.");

    /// <summary>Whether an error is such a refusal.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool Says(Exception error) => error is CarillonException { Code: ErrorCodes.PartitionTakenOver };
}
