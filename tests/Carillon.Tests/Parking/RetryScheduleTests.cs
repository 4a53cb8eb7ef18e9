using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Transports;

namespace Carillon.Tests.Parking;

/// <summary>When a message that was set aside comes again.</summary>
public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);
    private readonly SubscriptionOptions _options = new() { UnhandledRetention = TimeSpan.FromDays(7) };
    private readonly RetrySchedule _schedule;

    public RetryScheduleTests() => _schedule = new RetrySchedule(_options, new Backoff(_options.Retries, new Random(1)));

    [Theory]
    [InlineData(true, ParkedState.Scheduled, 7)]
    [InlineData(false, ParkedState.Dead, 0)]
    public void Wait_ShouldCountFromWhenNobodyHandlesIt_WhenItWasParkedLongBefore(bool wasForSomebody, ParkedState expected, int days)
    {
        var message = new ParkedMessage
        {
            Subscription = "shop",
            Envelope = new Envelope { Type = "order.created" },
            Partition = "0",
            Position = 1,
            State = ParkedState.Scheduled,
            ParkedAt = _now - TimeSpan.FromDays(30),
            BlocksKey = wasForSomebody,
        };

        var waiting = _schedule.Wait(message, "nobody handles it", _now);

        Assert.Equal((expected, TimeSpan.FromDays(days), false), (waiting.State, waiting.Delay, waiting.BlocksKey));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void RoutedType_ShouldBeNone_WhenAMessageSaysNoType(string? type) => Assert.Null(RoutedType.Of(new Envelope { Type = type }));
}
