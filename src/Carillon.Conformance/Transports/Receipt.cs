using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>A delivery that a sink got, with what it held at that moment.</summary>
internal sealed class Receipt(Delivery delivery)
{
    private bool _isSettled;

    public Delivery Delivery { get; } = delivery;

    public Envelope Envelope { get; } = delivery.Envelope;

    public long? Position { get; } = delivery.Position;

    public string Partition { get; } = delivery.Partition;

    public int EarlierDeliveries { get; } = delivery.EarlierDeliveries;

    /// <summary>The number that the scenario gave the message.</summary>
    public int Number { get; } = SampleMessages.NumberOf(delivery.Envelope);

    public bool IsOpen { get; set; } = true;

    /// <summary>Whether the transport has heard what became of it.</summary>
    public bool IsSettled { get => Volatile.Read(ref _isSettled); set => Volatile.Write(ref _isSettled, value); }

    public override string ToString() => $"{Envelope.Key ?? "-"}/{Number}";
}
