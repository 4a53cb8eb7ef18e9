using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Turns rows into parked messages, whatever stands in them.</summary>
internal static class ParkedRow
{
    private const int ColumnsBefore = 12;

    // Stands before every position: the order of those that have none is that of arrival.
    private const long NoPosition = long.MinValue;

    /// <summary>Reads the columns of <see cref="ParkingSql.Columns"/>.</summary>
    public static ParkedMessage Read(Rows rows, EnvelopeReader envelopes)
    {
        var row = new RowReader(rows, firstColumn: 0);
        var id = row.Number("parked", 0, long.MaxValue, absent: 0);
        var subscription = row.Text("subscription") ?? "";
        var partition = row.Text("partition") ?? "";
        var position = row.Number("position", long.MinValue, long.MaxValue, absent: NoPosition);
        var state = (ParkedState)row.Number("state", 0, (int)ParkedState.Stopped, absent: (int)ParkedState.Dead);
        var blocks = row.Number("blocks", 0, 1, absent: 1) == 1;
        var parkedAt = row.Number("parked_at", long.MinValue, long.MaxValue, absent: 0);
        return new ParkedMessage
        {
            Id = id,
            Subscription = subscription,
            Partition = partition,
            Position = position == NoPosition ? null : position,
            State = state,
            BlocksKey = blocks,
            ParkedAt = StoredTime.To(parkedAt),
            Code = row.Text("code"),
            Reason = row.Text("reason"),
            Attempts = AttemptJson.Read(row.Text("attempts")),
            Rounds = (int)row.Number("rounds", 0, int.MaxValue, absent: 0),
            IsReplayed = row.Number("replayed", 0, long.MaxValue, absent: 0) > 0,
            Envelope = envelopes.Read(rows, ColumnsBefore),
        };
    }

    /// <summary>A message's position as tables hold it.</summary>
    public static long PositionOf(ParkedMessage message) => message.Position ?? NoPosition;

    /// <summary>When a message is due that is written now, as tables hold times.</summary>
    public static long DueOf(ParkedMessage message, WriteSession session) => (long)Int128.Min((Int128)session.StoredNow + message.Delay.Ticks, long.MaxValue);

    /// <summary>
    /// What tells a message from another one of its subscription; null when nothing does, so that none is taken for another. Its content belongs to it: of two
    /// messages with one id both are kept.
    /// </summary>
    public static string? IdentityOf(ParkedMessage message)
    {
        if (!message.Envelope.Id.IsEmpty)
            return MessageIdentity.WithContentOf(message.Envelope);
        return message.Position is null or 0 ? null : FormattableString.Invariant($"@{message.Partition}:{message.Position}");
    }
}
