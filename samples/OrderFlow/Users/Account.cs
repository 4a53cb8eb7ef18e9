namespace OrderFlow.Users;

/// <summary>A registered user.</summary>
/// <param name="Number">Their running number.</param>
/// <param name="UserId">Their id.</param>
/// <param name="Name">What to call them.</param>
/// <param name="Email">Where to write to them.</param>
/// <param name="RegisteredAt">Since when.</param>
internal sealed record Account(long Number, string UserId, string Name, string Email, DateTimeOffset RegisteredAt);
