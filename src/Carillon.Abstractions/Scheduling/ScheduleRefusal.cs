namespace Carillon.Scheduling;

/// <summary>Why a message is not scheduled.</summary>
public static class ScheduleRefusal
{
    /// <summary>Another message of its id waits.</summary>
    /// <param name="message">The message.</param>
    public static PublishFailedException AlreadyScheduled(in Envelope message) => new(ErrorCodes.AlreadyScheduled,
        $"{message.Type} ({message.Id}) is not scheduled: a message of {message.Source} with this id and another content waits already. Cancel that one first, or give this one an id of its own.");

    /// <summary>Whether two messages of one id are the same one, scheduled twice: they say the same to the same receivers. When and why they were published may differ.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    public static bool IsSame(in Envelope one, in Envelope other) =>
        (one.Kind, one.Topic, one.Destination, one.Type, one.Version, one.Key) == (other.Kind, other.Topic, other.Destination, other.Type, other.Version, other.Key)
        && one.Body.Span.SequenceEqual(other.Body.Span);
}
