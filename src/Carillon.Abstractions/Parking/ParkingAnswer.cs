namespace Carillon.Parking;

/// <summary>What a write has left of the keys that it concerned.</summary>
/// <param name="HeldUp">Of each key, whether messages of it are held up now.</param>
/// <param name="Replays">The number of the last replay in the subscription that the answer takes into account.</param>
public sealed record ParkingAnswer(IReadOnlyDictionary<string, bool> HeldUp, long Replays);
