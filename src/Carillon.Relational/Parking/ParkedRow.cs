using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Turns rows into parked messages, whatever stands in them.</summary>
internal static class ParkedRow
{
    /// <summary>What stands in the column where a message has no position, so that those of a partition keep the order in which they were parked.</summary>
    public const long NoPosition = -1;

    private const int ColumnsBefore = 11;

    /// <summary>Reads the columns of <see cref="ParkingSql.Columns"/>.</summary>
    public static ParkedMessage Read(Rows rows, EnvelopeReader envelopes)
    {
        var row = new RowReader(rows, firstColumn: 0);
        var id = row.Number("parked", 0, long.MaxValue, absent: 0);
        var subscription = row.Text("subscription") ?? "";
        var partition = row.Text("partition") ?? "";
        var position = row.Number("position", long.MinValue, long.MaxValue, absent: NoPosition);
        var state = (ParkedState)row.Number("state", 0, (int)ParkedState.Dead, absent: (int)ParkedState.Dead);
        var due = row.Number("due", long.MinValue, long.MaxValue, absent: 0);
        var blocks = row.Number("blocks", 0, 1, absent: 1) == 1;
        var parkedAt = row.Number("parked_at", long.MinValue, long.MaxValue, absent: 0);
        return new ParkedMessage
        {
            Id = id,
            Subscription = subscription,
            Partition = partition,
            Position = position == NoPosition ? null : position,
            State = state,
            Due = StoredTime.To(due),
            BlocksKey = blocks,
            ParkedAt = StoredTime.To(parkedAt),
            Code = row.Text("code"),
            Reason = row.Text("reason"),
            Attempts = AttemptJson.Read(row.Text("attempts")),
            Envelope = envelopes.Read(rows, ColumnsBefore),
        };
    }

    /// <summary>What tells a message from another one of its subscription; null when nothing does, so that none is taken for another.</summary>
    public static string? IdentityOf(ParkedMessage message)
    {
        if (!message.Envelope.Id.IsEmpty)
            return $"{NameOf(message.Envelope.Source)}\n{message.Envelope.Id}";
        return message.Position is { } position ? FormattableString.Invariant($"@{message.Partition}:{position}") : null;
    }

    // No other source and id read the same together: an ordinary source has no line break and is not empty, any other begins with one and its length.
    private static string NameOf(string? source) => source switch
    {
        null => "\n-",
        "" => "\n0\n",
        _ when source.Contains('\n', StringComparison.Ordinal) => FormattableString.Invariant($"\n{source.Length}\n{source}"),
        _ => source,
    };
}
