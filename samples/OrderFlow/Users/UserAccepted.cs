namespace OrderFlow.Users;

/// <summary>What <c>POST /users</c> answers: the registration is stored and a welcome e-mail will follow.</summary>
internal sealed record UserAccepted(string UserId);
