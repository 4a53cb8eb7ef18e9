using Carillon.Testing.Logs;

namespace Carillon.Testing.Stores;

/// <summary>A log of the same server, as transactions of its database see it.</summary>
/// <param name="log">The log.</param>
/// <param name="isChecked">Whether it refuses what nobody handles; an outbox does not.</param>
internal sealed class CommittedLog(SimulatedLog log, bool isChecked) : ICommittedLog
{
    /// <inheritdoc/>
    public PublishFailedException? Refuse(in Envelope message) => isChecked ? log.FindRefusal(message) : null;

    /// <inheritdoc/>
    public void Append(IReadOnlyList<Envelope> messages)
    {
        if (messages.Count > 0)
            log.AppendUnchecked(messages);
    }
}
