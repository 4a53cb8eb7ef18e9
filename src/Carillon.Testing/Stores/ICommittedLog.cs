namespace Carillon.Testing.Stores;

/// <summary>The log to which a store's transactions add messages when they commit.</summary>
internal interface ICommittedLog
{
    /// <summary>Why the log would not take a message, or null.</summary>
    PublishFailedException? Refuse(in Envelope message);

    /// <summary>Adds messages that were not refused, in one step.</summary>
    void Append(IReadOnlyList<Envelope> messages);
}
