namespace Carillon.KillTests;

/// <summary>A row of the publishers' own, saved with the message that tells of it.</summary>
/// <param name="Key">The message's key.</param>
/// <param name="Version">Which one of its key the message is.</param>
internal sealed record Booking(string Key, long Version);
