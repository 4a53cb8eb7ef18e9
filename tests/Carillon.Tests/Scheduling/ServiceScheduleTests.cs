using Carillon.Conformance.Waiting;
using Carillon.Scheduling;
using Carillon.Tests.Durability;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Tests.Scheduling;

/// <summary>When a service takes messages for later, and when its worker must hurry.</summary>
public sealed class ServiceScheduleTests
{
    private readonly VirtualTime _time = new();
    private readonly InMemoryStore _store = new();
    private readonly ServiceSchedule _schedule;

    public ServiceScheduleTests() => _schedule = new ServiceSchedule("shop", _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(499, true)]
    [InlineData(500, false)]
    public async Task AddAsync_ShouldWakeTheWorker_WhenThatWouldComeTooLate(int milliseconds, bool isWoken)
    {
        _schedule.Open(_store);

        await _schedule.AddAsync([In(100_000), In(milliseconds), In(200_000)], Cancellation);

        using var never = new CancellationTokenSource();
        var waiting = _schedule.Changed.WaitAsync(never.Token);
        Assert.Equal(isWoken, waiting.IsCompleted);
        await never.CancelAsync();
        await Record.ExceptionAsync(() => waiting.AsTask());
        Assert.Equal(3, _store.Scheduled.Count);
    }

    [Fact]
    public async Task Everything_ShouldBeRefused_WhenTheServiceDoesNotRun()
    {
        await IsRefusedAsync();
        _schedule.Open(_store);
        await _schedule.AddAsync([In(1_000)], Cancellation);
        Assert.True(await _schedule.CancelAsync("/services/shop", EventId.Parse("in-1000"), Cancellation));
        _schedule.Close(NullLogger.Instance);

        await IsRefusedAsync();
    }

    private ScheduledMessage In(int milliseconds) => new(
        new Envelope { Id = EventId.Parse($"in-{milliseconds}"), Source = "/services/shop", Topic = "t" }, _time.GetUtcNow().AddMilliseconds(milliseconds));

    private async Task IsRefusedAsync()
    {
        var errors = new[]
        {
            await Assert.ThrowsAsync<CarillonException>(() => _schedule.AddAsync([In(1)], Cancellation).AsTask()),
            await Assert.ThrowsAsync<CarillonException>(() => _schedule.CancelAsync("s", EventId.Parse("x"), Cancellation).AsTask()),
            await Assert.ThrowsAsync<CarillonException>(() => _schedule.ReleaseAsync(Cancellation).AsTask()),
        };
        Assert.All(errors, error => Assert.Equal(ErrorCodes.BusNotRunning, error.Code));
    }
}
