namespace Carillon;

/// <summary>
/// The publisher's buffer is full and the publisher was configured to refuse rather than to wait
/// (<see cref="OverloadBehavior.Throw"/>). Nothing was stored; publish again later.
/// </summary>
public sealed class PublisherOverloadedException : CarillonException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which limit was reached.</param>
    public PublisherOverloadedException(string message)
        : base(ErrorCodes.PublisherOverloaded, message)
    {
    }
}
