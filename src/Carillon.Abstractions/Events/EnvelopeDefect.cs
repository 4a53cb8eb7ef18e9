namespace Carillon;

/// <summary>Something in a received message that keeps it from being handled.</summary>
/// <param name="Code">The stable code, one of <see cref="ErrorCodes"/>.</param>
/// <param name="Detail">What is wrong and where: the attribute, the byte offset or the path.</param>
public sealed record EnvelopeDefect(string Code, string Detail);
