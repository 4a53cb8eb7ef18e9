using Carillon;

namespace OrderFlow.Contracts;

/// <summary>Somebody registered. Published by users; orders creates a profile, e-mail welcomes them.</summary>
/// <param name="UserId">The user, and the key.</param>
/// <param name="Name">What to call them.</param>
/// <param name="Email">Where to write to them.</param>
[Event("user.registered")]
public sealed record UserRegistered([property: Key] string UserId, string Name, string Email);
