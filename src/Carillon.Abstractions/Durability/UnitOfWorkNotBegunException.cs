namespace Carillon.Durability;

/// <summary>
/// A unit of work did not begin, or could not claim its message, because others were in the way for too long or the store cannot be reached: nothing of it was done, and
/// later it may well begin. A handler whose unit of work did not begin has not been tried, so no attempt is counted.
/// </summary>
public sealed class UnitOfWorkNotBegunException : CarillonException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The stable code, one of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">Which store it was, who is in the way, and what to do next.</param>
    /// <param name="innerException">What caused it, if something else did.</param>
    public UnitOfWorkNotBegunException(string code, string message, Exception? innerException = null)
        : base(code, message, innerException)
    {
    }
}
