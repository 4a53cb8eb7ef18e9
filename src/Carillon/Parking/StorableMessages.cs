namespace Carillon.Parking;

/// <summary>
/// Messages that are being parked, in a form that their store can hold. Where it refuses that, what was said about them goes first, and what others may do
/// without goes next. The messages themselves are never given up.
/// </summary>
internal sealed class StorableMessages(IEnumerable<ParkedMessage> messages)
{
    private const int MostReductions = 2;
    private int _reductions;

    public IReadOnlyList<ParkedMessage> Messages { get; private set; } = [.. messages.Select(StorableMessage.Of)];

    /// <summary>Leaves out what the store may have refused.</summary>
    /// <returns>False when there is nothing more to leave out.</returns>
    public bool TryReduce(CarillonException refusal)
    {
        if (_reductions == MostReductions)
            return false;
        var isFirst = _reductions++ == 0;
        Messages = [.. Messages.Select(message => isFirst ? StorableMessage.WithoutTexts(message, refusal) : StorableMessage.Bare(message, refusal))];
        return true;
    }
}
