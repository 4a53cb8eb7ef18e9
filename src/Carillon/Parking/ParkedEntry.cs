using Carillon.Events;

namespace Carillon.Parking;

/// <summary>A parked message in memory, with the claim on it.</summary>
internal sealed class ParkedEntry(ParkedMessage message)
{
    public ParkedMessage Message { get; private set; } = message;

    /// <summary>How many bytes it counts for.</summary>
    public long Size { get; private set; } = SizeOf(message);

    /// <summary>When the claim on it ends; long ago when nobody holds it.</summary>
    public DateTimeOffset ClaimedUntil { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Whether it is a dead letter.</summary>
    public bool IsDead => Message.State == ParkedState.Dead;

    /// <summary>Whether the messages behind it go on as if it were not there.</summary>
    public bool IsPassable => !Message.BlocksKey;

    /// <summary>From when on it may be claimed, if everything before it of its key is gone.</summary>
    public DateTimeOffset ReadyAt => Message.Due > ClaimedUntil ? Message.Due : ClaimedUntil;

    /// <summary>Puts another message in its place, which nobody holds.</summary>
    public void Replace(ParkedMessage message)
    {
        Message = message;
        Size = SizeOf(message);
        ClaimedUntil = DateTimeOffset.MinValue;
    }

    private static long SizeOf(ParkedMessage message) =>
        EnvelopeSize.Of(message.Envelope) + message.Attempts.Sum(attempt => 128L + (2L * (attempt.Message.Length + (attempt.StackTrace?.Length ?? 0))));
}
