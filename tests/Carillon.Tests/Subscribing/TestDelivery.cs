using Carillon.Transports;

namespace Carillon.Tests.Subscribing;

/// <summary>A delivery that remembers how it was settled.</summary>
internal sealed class TestDelivery : Delivery
{
    public TestDelivery(string? key, string partition = Partitions.Whole, int bytes = 0, Priority priority = Priority.Normal, string? type = null)
    {
        Partition = partition;
        Set(new Envelope { Id = EventId.Parse($"id-{key ?? "none"}"), Key = key, Type = type, Priority = priority, Body = new byte[bytes] });
    }

    public int Acknowledged { get; private set; }

    public int Returned { get; private set; }

    public override void Acknowledge() => Acknowledged++;

    public override void Return() => Returned++;
}
