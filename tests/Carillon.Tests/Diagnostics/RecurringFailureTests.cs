using Carillon.Conformance.Waiting;
using Carillon.Diagnostics;

namespace Carillon.Tests.Diagnostics;

/// <summary>An outage is said once, and again with growing pauses.</summary>
public sealed class RecurringFailureTests
{
    private static readonly IOException _error = new("the database is away");
    private readonly VirtualTime _time = new();
    private readonly RecurringFailure _failure;

    public RecurringFailureTests() => _failure = new RecurringFailure(_time);

    [Fact]
    public void Failed_ShouldBeSaidWithGrowingPauses_WhenItFailsEverySecond()
    {
        var said = new List<(int Second, long Count, long Unsaid)>();
        for (var second = 0; second <= 4300; second++)
        {
            if (_failure.Failed(_error) is { } notice)
                said.Add((second, notice.Count, notice.Unsaid));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([(0, 1, 0), (10, 11, 9), (70, 71, 59), (670, 671, 599), (4270, 4271, 3599)], said);
    }

    [Fact]
    public void Succeeded_ShouldBeSaidOnce_WhenItHadFailed()
    {
        var began = _time.GetUtcNow();
        Assert.Null(_failure.Succeeded());
        _failure.Failed(_error);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Null(_failure.Failed(_error));
        Assert.Equal(new FailureState(began, began + TimeSpan.FromSeconds(4), 2, _error), _failure.Current);

        Assert.Equal(new FailureNotice(_error, 2, 1, TimeSpan.FromSeconds(4)), _failure.Succeeded());

        Assert.Null(_failure.Succeeded());
        Assert.Null(_failure.Current);
    }

    [Fact]
    public void Succeeded_ShouldSayHowLongItWentOn_WhenItWorkedInBetween()
    {
        _failure.Failed(_error);
        _time.Advance(TimeSpan.FromSeconds(30));
        _failure.Succeeded();
        _time.Advance(TimeSpan.FromSeconds(30));
        _failure.Failed(_error);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(new FailureNotice(_error, 2, 0, TimeSpan.FromSeconds(65)), _failure.Succeeded());
    }

    [Fact]
    public void Failed_ShouldNotBeSaidMoreOften_WhenItWorksInBetween()
    {
        var lines = 0;
        for (var tenths = 0; tenths < 6000; tenths++)
        {
            lines += _failure.Failed(_error) is null ? 0 : 1;
            lines += _failure.Succeeded() is null ? 0 : 1;
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(6, lines);
    }

    [Fact]
    public void Failed_ShouldBeSaidAtOnce_WhenItHadWorkedForAMinute()
    {
        _failure.Failed(_error);
        _time.Advance(TimeSpan.FromSeconds(11));
        _failure.Failed(_error);
        _failure.Succeeded();

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(_failure.Failed(_error));
        _failure.Succeeded();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(new FailureNotice(_error, 1, 0, TimeSpan.Zero), _failure.Failed(_error));
    }
}
