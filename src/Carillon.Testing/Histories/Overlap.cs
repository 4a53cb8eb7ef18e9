namespace Carillon.Testing.Histories;

/// <summary>A handler began while another one of its key was running.</summary>
/// <param name="Subscription">Whose.</param>
/// <param name="Key">The key.</param>
/// <param name="Id">The message that it began to handle.</param>
/// <param name="Other">The message that was being handled, which may be the same one.</param>
/// <param name="At">When, in ticks of the true time.</param>
internal readonly record struct Overlap(string Subscription, string Key, EventId Id, EventId Other, long At);
