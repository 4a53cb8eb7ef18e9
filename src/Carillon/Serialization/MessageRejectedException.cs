namespace Carillon.Serialization;

/// <summary>A received message that cannot be read: it becomes a dead letter with this code and detail.</summary>
internal sealed class MessageRejectedException : CarillonException
{
    public MessageRejectedException(string code, string detail, Exception? innerException = null)
        : base(code, detail, innerException) => Detail = detail;

    /// <summary>What is wrong and where, without the code. Holds no more than excerpts of 64 characters of the body.</summary>
    public string Detail { get; }

    public EnvelopeDefect ToDefect() => new(Code, Detail);
}
