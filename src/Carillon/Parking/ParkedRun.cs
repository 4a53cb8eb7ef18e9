namespace Carillon.Parking;

/// <summary>
/// Parked messages of one key that were claimed together and are handled one after the other. What is finished is written down together, when the run
/// ends; the next ones of the key can be claimed only then.
/// </summary>
internal sealed class ParkedRun
{
    private readonly List<ParkedMessage> _finished = [];

    /// <summary>Whether a message of the run was set aside again: what is behind it must wait.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether something is finished that is not written down yet.</summary>
    public bool HasFinished => _finished.Count > 0;

    /// <summary>A message is finished.</summary>
    public void Finish(ParkedMessage message) => _finished.Add(message);

    /// <summary>A message was set aside again.</summary>
    public void Break() => IsBroken = true;

    /// <summary>What is finished, to be written down.</summary>
    public IReadOnlyList<ParkedMessage> Finished => _finished;

    /// <summary>What was finished is written down.</summary>
    public void Clear() => _finished.Clear();
}
