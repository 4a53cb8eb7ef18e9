using Carillon.Parking;

namespace Carillon;

/// <summary>A message that could not be handled, kept whole.</summary>
/// <param name="Id">The store's number for it.</param>
/// <param name="Subscription">The subscription that could not handle it.</param>
/// <param name="Envelope">The message with its original bytes.</param>
/// <param name="Code">Why, as one of <see cref="ErrorCodes"/>.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Attempts">The attempts that failed, the oldest first: the first ones and the latest. Their numbers tell how many there were.</param>
/// <param name="ParkedAt">Since when the subscription has it set aside.</param>
/// <param name="Waiting">How many later messages of the same key wait behind it.</param>
public sealed record DeadLetter(
    long Id,
    string Subscription,
    Envelope Envelope,
    string Code,
    string Reason,
    IReadOnlyList<FailedAttempt> Attempts,
    DateTimeOffset ParkedAt,
    int Waiting);
