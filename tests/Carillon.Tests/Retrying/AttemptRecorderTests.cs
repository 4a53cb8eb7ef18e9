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

    private sealed class UnreadableException : Exception
    {
        public override string Message => throw new InvalidTimeZoneException();

        public override string? StackTrace => throw new InvalidTimeZoneException();
    }
}
