namespace Carillon.KillTests;

/// <summary>What a handler did, as a row of the effects table, which has no unique constraint: what happens twice is seen twice.</summary>
/// <param name="Position">Where it stands in the order of commits.</param>
/// <param name="Subscription">The subscription that handled the message.</param>
/// <param name="Key">The message's key.</param>
/// <param name="Version">Which one of its key the message is.</param>
/// <param name="Message">The message's id.</param>
/// <param name="Process">The process that handled it.</param>
/// <param name="At">When, in microseconds since 1970.</param>
internal sealed record Effect(long Position, string Subscription, string Key, long Version, string Message, string Process, long At)
{
    /// <summary>What it is the effect of.</summary>
    public Happening Happening => new(Subscription, Key, Version);
}
