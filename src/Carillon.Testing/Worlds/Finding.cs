namespace Carillon.Testing.Worlds;

/// <summary>Something that must never be, and was.</summary>
/// <param name="Rule">What must always be so.</param>
/// <param name="What">What was instead.</param>
/// <param name="Message">The message that it is about, or empty.</param>
internal sealed record Finding(string Rule, string What, EventId Message);
