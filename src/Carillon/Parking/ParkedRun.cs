namespace Carillon.Parking;

/// <summary>
/// Parked messages of one key that were claimed together and are handled one after the other. What is finished is written down together, when the run
/// ends; the next ones of the key can be claimed only then. Until then it is in hand: whoever is given it anew meanwhile would handle it twice.
/// </summary>
/// <param name="ended">Told of each delivery that is in hand no longer.</param>
internal sealed class ParkedRun(Action<ParkedDelivery> ended)
{
    private readonly List<ParkedDelivery> _finished = [];

    /// <summary>Whether a message of the run was set aside again: what is behind it must wait.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether something is finished that is not written down yet.</summary>
    public bool HasFinished => _finished.Count > 0;

    /// <summary>What is finished, to be written down.</summary>
    public IEnumerable<ParkedMessage> Finished => _finished.Select(static delivery => delivery.Parked);

    /// <summary>A message is finished.</summary>
    public void Finish(ParkedDelivery delivery)
    {
        delivery.IsUnwritten = true;
        _finished.Add(delivery);
    }

    /// <summary>A message was set aside again.</summary>
    public void Break() => IsBroken = true;

    /// <summary>A message is in hand no longer.</summary>
    public void End(ParkedDelivery delivery) => ended(delivery);

    /// <summary>What was finished is written down, or is to be handled again by whoever gets it.</summary>
    /// <param name="areWritten">Whether they are written down.</param>
    public void Clear(bool areWritten)
    {
        foreach (var delivery in _finished)
        {
            (delivery.IsUnwritten, delivery.IsWritten) = (false, areWritten);
            End(delivery);
        }

        _finished.Clear();
    }
}
