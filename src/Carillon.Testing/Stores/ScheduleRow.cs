namespace Carillon.Testing.Stores;

/// <summary>A message that waits for its time.</summary>
internal sealed class ScheduleRow(Envelope message, DateTimeOffset due, long number)
{
    /// <summary>The message.</summary>
    public Envelope Message => message;

    /// <summary>Which of the messages it was; those of one time are published in this order.</summary>
    public long Number => number;

    /// <summary>When it is to be published, or tried again.</summary>
    public DateTimeOffset Due { get; set; } = due;

    /// <summary>How often it could not be published.</summary>
    public int Failures { get; set; }

    /// <summary>The transaction that is about to take it off, or null.</summary>
    public StoreSession? Holder { get; set; }
}
