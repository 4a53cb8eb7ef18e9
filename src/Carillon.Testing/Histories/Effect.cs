namespace Carillon.Testing.Histories;

/// <summary>A message was handled: where handlers run exactly once, in the moment of the commit; elsewhere, when they had ended.</summary>
/// <param name="Subscription">By whom.</param>
/// <param name="Source">Where the message comes from.</param>
/// <param name="Id">Its id.</param>
/// <param name="Key">Its key.</param>
/// <param name="IsExactlyOnce">Whether it may happen only once.</param>
internal readonly record struct Effect(string Subscription, string? Source, EventId Id, string? Key, bool IsExactlyOnce);
