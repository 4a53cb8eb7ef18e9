namespace Carillon;

/// <summary>
/// The configuration is wrong, so the host does not start. The message names the configuration key or the registration at fault
/// and the values that are allowed.
/// </summary>
public sealed class CarillonConfigurationException : CarillonException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The stable code, one of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">The key at fault, its value, and what is allowed.</param>
    /// <param name="innerException">What caused it, if something else did.</param>
    public CarillonConfigurationException(string code, string message, Exception? innerException = null)
        : base(code, message, innerException)
    {
    }
}
