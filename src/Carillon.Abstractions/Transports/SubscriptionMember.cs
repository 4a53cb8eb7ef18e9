namespace Carillon.Transports;

/// <summary>A running instance of a subscription, as the others know it.</summary>
/// <param name="Instance">Its name.</param>
/// <param name="Handles">What it can handle.</param>
public sealed record SubscriptionMember(string Instance, HandledMessages Handles);
