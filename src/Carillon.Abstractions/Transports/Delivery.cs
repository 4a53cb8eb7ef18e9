namespace Carillon.Transports;

/// <summary>
/// One message handed to one subscription. The runtime settles it exactly once, by <see cref="Acknowledge"/> or <see cref="Return"/>,
/// and does not touch it afterwards, so that a transport may use the object again.
/// </summary>
/// <remarks>
/// Settling never blocks and never throws: it notes the outcome, and the transport writes it down in its own time. A delivery that is
/// acknowledged but whose process dies first is delivered again.
/// </remarks>
public abstract class Delivery
{
    private Envelope _envelope;

    /// <summary>The message.</summary>
    public ref readonly Envelope Envelope => ref _envelope;

    /// <summary>
    /// Where the message stands in the order of its partition; at least 0, grows with every later message, and is comparable within that partition only.
    /// Null where the transport has no positions.
    /// </summary>
    public long? Position { get; protected set; }

    /// <summary>The name of the partition that the message came from.</summary>
    public string Partition { get; protected set; } = Partitions.Whole;

    /// <summary>How often the message was delivered before, as far as the transport knows.</summary>
    public int EarlierDeliveries { get; protected set; }

    /// <summary>
    /// Cancelled when this one message is taken away while its partition stays: its visibility or acknowledgement time is over. What handles it is cancelled
    /// then, and it is returned together with what waits here behind it of its key. Not cancelled any more once it is settled. Default: never.
    /// </summary>
    public virtual CancellationToken Lost => CancellationToken.None;

    /// <summary>The message is finished: handled, or kept safely elsewhere.</summary>
    public abstract void Acknowledge();

    /// <summary>The message was not handled and is to be delivered again, to this or another instance, before later ones of its key.</summary>
    public abstract void Return();

    /// <summary>Puts a message into the delivery.</summary>
    protected void Set(in Envelope envelope) => _envelope = envelope;
}
