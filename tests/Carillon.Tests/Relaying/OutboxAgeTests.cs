using System.Diagnostics.Metrics;
using Carillon.Conformance.Waiting;
using Carillon.InMemory;
using Carillon.Relaying;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Relaying;

/// <summary>When the store is asked how old its oldest message is, and what is shown of that.</summary>
public sealed class OutboxAgeTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly InMemoryOutbox _outbox = new(new InMemoryBroker());
    private readonly MeterListener _listener = new();
    private readonly List<double> _shown = [];
    private readonly string _service = $"shop-{Guid.NewGuid():N}";
    private int _asked;

    public OutboxAgeTests()
    {
        _listener.SetMeasurementEventCallback<double>((_, age, tags, _) =>
        {
            if (tags.ToArray().Contains(KeyValuePair.Create("carillon.service", (object?)_service)))
                _shown.Add(age);
        });
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "carillon.outbox.oldest.age")
                listener.EnableMeasurementEvents(instrument);
        };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_ShouldBeHowLongTheOldestHasWaited_WhenSomeWait()
    {
        await using var age = Open();

        Assert.Equal(TimeSpan.Zero, await age.ReadAsync(Cancellation));
        _outbox.Oldest = () => _time.GetUtcNow().AddSeconds(-7);
        Assert.Equal(TimeSpan.FromSeconds(7), await age.ReadAsync(Cancellation));
        _outbox.Oldest = () => _time.GetUtcNow().AddSeconds(7);
        Assert.Equal(TimeSpan.Zero, await age.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task Gauge_ShouldFollowTheStoreEveryFiveSeconds_WhenSomebodyListens()
    {
        _listener.Start();
        var stored = _time.GetUtcNow().AddSeconds(-10);
        _outbox.Oldest = Ask(() => stored);
        await using var age = Open();
        await AskedAsync(1);
        Assert.Equal(10, Show());

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(1, Volatile.Read(ref _asked));
        Assert.Equal(14.9, Show());
        stored = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await AskedAsync(2);

        Assert.Equal(0.1, Show()!.Value, 6);
    }

    [Fact]
    public async Task Gauge_ShouldAskNobody_WhenNobodyListens()
    {
        _outbox.Oldest = Ask(() => null);
        await using var age = Open();
        await Eventually.IsTrueAsync(() => _time.Timers == 1);

        for (var round = 0; round < 3; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Eventually.IsTrueAsync(() => _time.Timers == 1);
        }

        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task Gauge_ShouldShowNothing_WhenTheStoreIsAway()
    {
        _listener.Start();
        var isAway = false;
        _outbox.Oldest = Ask(() => isAway ? throw new IOException("the store is away") : _time.GetUtcNow());
        await using var age = Open();
        await AskedAsync(1);
        Assert.Equal(0, Show());

        isAway = true;
        _time.Advance(TimeSpan.FromSeconds(5));
        await AskedAsync(2);
        Assert.Null(Show());
        Assert.Single(_log.Of(1503));
        isAway = false;
        _time.Advance(TimeSpan.FromSeconds(5));
        await AskedAsync(3);

        Assert.Equal(0, Show());
    }

    [Fact]
    public async Task DisposeAsync_ShouldEndTheGaugeAndTheAsking_WhenItIsCalled()
    {
        _listener.Start();
        _outbox.Oldest = Ask(() => _time.GetUtcNow());
        var age = Open();
        await AskedAsync(1);

        await age.DisposeAsync();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(Show());
        Assert.Equal((1, 0), (_asked, _time.Timers));
        Assert.Empty(_log.Ids);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _log.Dispose();
        await _outbox.DisposeAsync();
    }

    private OutboxAge Open() => new(_service, _outbox, _time, _log);

    private Func<DateTimeOffset?> Ask(Func<DateTimeOffset?> answer) => () =>
    {
        Interlocked.Increment(ref _asked);
        return answer();
    };

    private Task AskedAsync(int times) => Eventually.IsTrueAsync(() => Volatile.Read(ref _asked) == times && _time.Timers == 1);

    private double? Show()
    {
        _shown.Clear();
        _listener.RecordObservableInstruments();
        return _shown.Count == 0 ? null : _shown[^1];
    }
}
