namespace Carillon.Parking;

/// <summary>A message that a subscription has set aside.</summary>
public sealed record ParkedMessage
{
    /// <summary>The store's number for it; 0 before it is stored.</summary>
    public long Id { get; init; }

    /// <summary>The subscription that has set it aside.</summary>
    public required string Subscription { get; init; }

    /// <summary>The message with its original bytes.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>The name of the partition that it came from.</summary>
    public required string Partition { get; init; }

    /// <summary>Where it stands in its partition, and so in the order of its key there; at least 0. Null where the transport has no positions: then the order is that of arrival.</summary>
    public required long? Position { get; init; }

    /// <summary>What it waits for.</summary>
    public required ParkedState State { get; init; }

    /// <summary>
    /// After how long it is due, counted by the store from the moment at which it is written, for <see cref="ParkedState.Scheduled"/> and
    /// <see cref="ParkedState.Stopped"/>. However clocks are set, it waits no longer than that. Zero, and always when it is read, means at once.
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>
    /// Whether later messages of its key wait behind it. True while it is scheduled, except where no living instance can handle it: then it waits
    /// for one that can, until it is due, and holds up nothing.
    /// </summary>
    public bool BlocksKey { get; init; } = true;

    /// <summary>When it was parked first.</summary>
    public required DateTimeOffset ParkedAt { get; init; }

    /// <summary>Why it is a dead letter: one of <see cref="ErrorCodes"/>, or null while it is not. The store keeps what <see cref="Transports.StorableText.Show"/> makes of it.</summary>
    public string? Code { get; init; }

    /// <summary>Why it is a dead letter, for people. The store keeps what <see cref="Transports.StorableText.Show"/> makes of it.</summary>
    public string? Reason { get; init; }

    /// <summary>The attempts that failed, the oldest first: the first ones and the latest.</summary>
    public IReadOnlyList<FailedAttempt> Attempts { get; init; } = [];

    /// <summary>How many rounds of attempts have failed.</summary>
    public int Rounds { get; init; }

    /// <summary>Whether a person has asked for it to be handled. Set by the store when it is replayed, and kept from then on.</summary>
    public bool IsReplayed { get; init; }
}
