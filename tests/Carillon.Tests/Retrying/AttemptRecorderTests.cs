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
    public void Record_ShouldKeepEveryCause_WhenExceptionsCausedOneAnother()
    {
        var error = Thrown(() => throw new InvalidOperationException("An error occurred. See the inner exception.", Thrown(() => throw new AggregateException(
            Thrown(() => throw new FormatException("first cause")), new TimeoutException("second cause", new IOException("cable"))))));

        var attempt = AttemptRecorder.Record(1, default, "h", error);

        Assert.Equal("System.InvalidOperationException", attempt.ErrorType);
        Assert.StartsWith("An error occurred. See the inner exception. ---> System.AggregateException: ", attempt.Message, StringComparison.Ordinal);
        foreach (var text in new[] { "System.FormatException: first cause", "System.TimeoutException: second cause", "System.IO.IOException: cable" })
        {
            Assert.Contains($"---> {text}", attempt.Message, StringComparison.Ordinal);
            Assert.Contains($"---> {text}", attempt.StackTrace, StringComparison.Ordinal);
        }

        Assert.Equal(3, attempt.StackTrace!.Split($"at {typeof(AttemptRecorderTests).FullName}.<>c").Length - 1);
    }

    [Fact]
    public void Record_ShouldStayWithinItsBounds_WhenCausesHaveNoEnd()
    {
        Exception error = new FormatException(new string('€', 100_000));
        for (var depth = 0; depth < 1_000; depth++)
            error = new AggregateException(new string('€', 10_000), error, error);

        var attempt = AttemptRecorder.Record(1, default, "h", error);

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(attempt.Message), 500, 4_096);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(attempt.StackTrace!), 500, 16_384);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Record_ShouldNotCutACharacterInHalf_WhenItStandsAtTheBound(int before)
    {
        var attempt = AttemptRecorder.Record(1, default, "h", new FormatException(new string('x', before) + string.Concat(Enumerable.Repeat("\U0001F514", 3_000))));

        Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(attempt.Message)));
        Assert.InRange(attempt.Message.Length, 2_040, 2_060);
    }

    [Fact]
    public void Text_ShouldSaySo_WhenTheExceptionHasNoMessage() =>
        Assert.Equal("(the exception has no readable message)", AttemptRecorder.Text(new SilentException()));

    private static Exception Thrown(Action throwing) => Assert.ThrowsAny<Exception>(throwing);

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
