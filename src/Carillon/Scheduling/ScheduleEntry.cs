namespace Carillon.Scheduling;

/// <summary>A message that waits in memory for its time.</summary>
internal sealed class ScheduleEntry(Envelope envelope, DateTimeOffset due, long number)
{
    private readonly Envelope _envelope = envelope;

    public ref readonly Envelope Envelope => ref _envelope;

    public DateTimeOffset Due { get; set; } = due;

    /// <summary>Which of the messages it was; messages of one time are published in this order.</summary>
    public long Number { get; } = number;

    public long Size { get; } = EnvelopeSize.Of(envelope);

    /// <summary>How often it could not be published.</summary>
    public int Failures { get; set; }

    /// <summary>Whether it is being published, so that nobody can cancel it any more.</summary>
    public bool IsOnItsWay { get; set; }

    public (string Source, EventId Id) Name => (_envelope.Source ?? "", _envelope.Id);
}
