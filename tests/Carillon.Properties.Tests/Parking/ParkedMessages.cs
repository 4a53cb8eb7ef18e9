using Carillon.Parking;
using Carillon.Properties.Tests.Generating;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Parking;

/// <summary>Parked messages with any content.</summary>
internal static class ParkedMessages
{
    private static readonly Gen<FailedAttempt> _attempts =
        from number in Numbers.Int32
        from at in Times.Any
        from handler in Texts.ValidOrNull
        from type in Texts.Valid
        from message in Texts.Valid
        from stack in Texts.ValidOrNull
        select new FailedAttempt(number, at, handler, type, message, stack);

    public static Gen<ParkedMessage> Any { get; } =
        from envelope in Envelopes.Valid
        from place in (from partition in Gen.Elements("", "0", "63", "orders/7", "größe ’ 0") from position in Gen.Frequency((4, Numbers.Int64.Select(number => (long?)(number & long.MaxValue))), (1, Gen.Constant((long?)null))) select (partition, position))
        from parkedAt in Times.Utc
        from rounds in Gen.Choose(0, 1_000)
        from why in (from code in Gen.Elements(ErrorCodes.HandlerFailed, ErrorCodes.KeyStopped, "shop.sold-out") from reason in Texts.ValidOrNull select (code, reason))
        from attempts in _attempts.ArrayOf().Resize(4)
        select new ParkedMessage
        {
            Subscription = "orders",
            Envelope = envelope,
            Partition = place.partition,
            Position = place.position,
            State = ParkedState.Scheduled,
            ParkedAt = parkedAt,
            Rounds = rounds,
            Code = why.code,
            Reason = why.reason,
            Attempts = attempts,
        };
}
