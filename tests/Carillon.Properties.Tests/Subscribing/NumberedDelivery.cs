using Carillon.Transports;

namespace Carillon.Properties.Tests.Subscribing;

/// <summary>A delivery that is known by its number and remembers whether it was returned.</summary>
internal sealed class NumberedDelivery : Delivery
{
    public NumberedDelivery(int number, string? key, string partition, Priority priority)
    {
        Position = number;
        Partition = partition;
        Set(new Envelope { Key = key, Priority = priority });
    }

    public int Number => (int)Position!;

    public bool IsReturned { get; private set; }

    public override void Acknowledge() => throw new InvalidOperationException("The scheduler settles nothing as finished.");

    public override void Return() => IsReturned = true;
}
