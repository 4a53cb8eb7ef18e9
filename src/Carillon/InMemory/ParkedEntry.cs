using Carillon.Parking;

namespace Carillon.InMemory;

/// <summary>A parked message in memory, with the claim on it.</summary>
internal sealed class ParkedEntry(ParkedMessage message)
{
    public ParkedMessage Message { get; private set; } = message;

    /// <summary>How many bytes it counts for.</summary>
    public long Size { get; private set; } = ParkedMessageSize.Of(message);

    /// <summary>From when on it may be claimed, if everything before it of its key is gone.</summary>
    public DateTimeOffset Due { get; private set; }

    /// <summary>When that was decided.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>Whether the owner of its partition has it.</summary>
    public bool IsClaimed { get; set; }

    /// <summary>The number of its last replay; 0 for none.</summary>
    public long Replay { get; set; }

    /// <summary>Whether people find it among the dead letters.</summary>
    public bool IsDeadLetter => Message.State is ParkedState.Dead or ParkedState.Stopped;

    /// <summary>Whether the messages behind it go on as if it were not there.</summary>
    public bool IsPassable => !Message.BlocksKey;

    /// <summary>Whether it waits for nothing but its time.</summary>
    public bool StandsAlone => Message.Envelope.Key is null || (IsPassable && Message.State != ParkedState.Dead);

    /// <summary>Whether it waits for an instance that can handle it.</summary>
    public bool IsUnhandled => IsPassable && Message.State == ParkedState.Scheduled;

    /// <summary>Puts another message in its place, which nobody holds.</summary>
    public void Replace(ParkedMessage message, DateTimeOffset now)
    {
        Message = message with { State = message.State == ParkedState.Behind ? ParkedState.Scheduled : message.State, Delay = TimeSpan.Zero };
        Size = ParkedMessageSize.Of(message);
        IsClaimed = false;
        Since = now;
        Due = message.Delay < DateTimeOffset.MaxValue - now ? now + message.Delay : DateTimeOffset.MaxValue;
    }

    /// <summary>Makes it due at once: nobody knows how much of its time is over.</summary>
    public void Hasten(DateTimeOffset now) => (Since, Due) = (now, now);
}
