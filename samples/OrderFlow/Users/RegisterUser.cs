namespace OrderFlow.Users;

/// <summary>What <c>POST /users</c> asks for. Anything may be missing until it was checked.</summary>
internal sealed record RegisterUser(string? Name = null, string? Email = null);
