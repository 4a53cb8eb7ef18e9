namespace Carillon.Relational;

/// <summary>That a subscription has handled a message.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Source">The message's source; empty where it has none.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Hash">The first bytes of a hash of its body.</param>
internal readonly record struct InboxMark(string Subscription, string Source, string Id, byte[] Hash);
