using Carillon.Parking;
using Carillon.Retrying;

namespace Carillon.Tests.Retrying;

public sealed class AttemptRecorderTests
{
    [Fact]
    public void Record_ShouldCutTheText_WhenTheExceptionIsVeryLong() =>
        Assert.Equal(4_096, AttemptRecorder.Record(1, default, "h", new InvalidOperationException(new string('x', 1 << 20))).Message.Length);

    [Fact]
    public void Record_ShouldSaySo_WhenTheExceptionCannotEvenBeRead()
    {
        var attempt = AttemptRecorder.Record(1, default, "h", new UnreadableException());

        Assert.Contains(nameof(InvalidTimeZoneException), attempt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_ShouldNameTheTypeInFullAndKeepShortTexts_WhenTheExceptionIsAnOrdinaryOne()
    {
        var attempt = AttemptRecorder.Record(7, DateTimeOffset.UnixEpoch, "h", new InvalidOperationException("broken leg"));

        Assert.Equal(
            new FailedAttempt(7, DateTimeOffset.UnixEpoch, "h", "System.InvalidOperationException", "broken leg", null), attempt);
    }

    [Fact]
    public void Text_ShouldSaySo_WhenTheExceptionHasNoMessage() =>
        Assert.Equal("(the exception has no readable message)", AttemptRecorder.Text(new SilentException()));

    private sealed class SilentException : Exception
    {
        public override string Message => null!;
    }

    private sealed class UnreadableException : Exception
    {
        public override string Message => throw new InvalidTimeZoneException();

        public override string? StackTrace => throw new InvalidTimeZoneException();
    }
}
