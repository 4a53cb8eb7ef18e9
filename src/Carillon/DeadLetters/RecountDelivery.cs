using Carillon.Transports;

namespace Carillon.DeadLetters;

/// <summary>No message: a place in a key's lane at which the key's parked messages are counted anew, when nothing else of the key runs.</summary>
internal sealed class RecountDelivery : Delivery
{
    public RecountDelivery(string partition, string key)
    {
        Partition = partition;
        Set(new Envelope { Key = key });
    }

    /// <inheritdoc/>
    public override void Acknowledge()
    {
    }

    /// <inheritdoc/>
    public override void Return()
    {
    }
}
