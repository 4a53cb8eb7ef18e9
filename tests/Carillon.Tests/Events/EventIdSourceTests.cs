using Carillon.Events;

namespace Carillon.Tests.Events;

public sealed class EventIdSourceTests
{
    private readonly StoppedTime _time = new();

    [Fact]
    public void Next_ShouldGrow_WhenTheClockStandsStill()
    {
        var ids = new EventIdSource(_time, new Random(1));

        AssertGrowing(ids, 100_000);
    }

    [Fact]
    public void Next_ShouldGrow_WhenTheClockJumpsBack()
    {
        var ids = new EventIdSource(_time, new Random(2));
        var before = Uuid(ids.Next());

        _time.Now -= TimeSpan.FromHours(1);

        Assert.True(Uuid(ids.Next()).CompareTo(before) > 0);
        AssertGrowing(ids, 1000);
    }

    [Fact]
    public void Next_ShouldGrow_WhenTheCounterIsUsedUp()
    {
        var ids = new EventIdSource(_time, new LateRandom());
        var last = Uuid(ids.Next());

        for (var i = 0; i < 12; i++)
        {
            var next = Uuid(ids.Next());
            if (next.CompareTo(last) <= 0)
                Assert.Fail($"{next} follows {last}.");
            last = next;
        }

        Assert.Equal(_time.Now.ToUnixTimeMilliseconds() + 1, Milliseconds(last));
    }

    [Fact]
    public void Next_ShouldCarryTheTime_WhenTheClockMoves()
    {
        var ids = new EventIdSource(_time, new Random(3));
        ids.Next();

        _time.Now += TimeSpan.FromMilliseconds(5);

        Assert.Equal(_time.Now.ToUnixTimeMilliseconds(), Milliseconds(Uuid(ids.Next())));
    }

    [Fact]
    public void Next_ShouldMakeVersion7_WhenAsked()
    {
        var ids = new EventIdSource(_time, new Random(4));

        for (var i = 0; i < 1000; i++)
        {
            var text = ids.Next().ToString();
            Assert.Equal('7', text[14]);
            Assert.Contains(text[19], "89ab");
            Assert.Equal(Guid.Parse(text), Uuid(EventId.Parse(text)));
        }
    }

    [Fact]
    public void Next_ShouldRepeat_WhenSeedAndTimeAreTheSame()
    {
        var first = new EventIdSource(_time, new Random(5));
        var second = new EventIdSource(_time, new Random(5));

        for (var i = 0; i < 100; i++)
            Assert.Equal(first.Next(), second.Next());
    }

    [Fact]
    public void Next_ShouldWork_WhenTheClockIsBefore1970()
    {
        _time.Now = DateTimeOffset.MinValue;

        AssertGrowing(new EventIdSource(_time, new Random(6)), 100);
    }

    [Fact]
    public async Task Next_ShouldNeverRepeat_WhenManyAskAtOnce()
    {
        const int count = 50_000;
        var ids = new EventIdSource(TimeProvider.System, new Random(7));

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var mine = new Guid[count];
            for (var i = 0; i < count; i++)
                mine[i] = Uuid(ids.Next());
            return mine;
        })));

        Assert.Equal(4 * count, all.SelectMany(mine => mine).Distinct().Count());
        foreach (var mine in all)
            Assert.True(mine.Zip(mine.Skip(1)).All(pair => pair.First.CompareTo(pair.Second) < 0));
    }

    [Fact]
    public void Next_ShouldAllocateNothing_WhenCalled()
    {
        var ids = new EventIdSource(_time, new Random(8));
        ids.Next();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            ids.Next();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertGrowing(EventIdSource ids, int count)
    {
        var last = ids.Next();
        for (var i = 0; i < count; i++)
        {
            var next = ids.Next();
            Assert.True(Uuid(next).CompareTo(Uuid(last)) > 0, $"{next} follows {last}.");
            Assert.True(string.CompareOrdinal(next.ToString(), last.ToString()) > 0, $"{next} follows {last} as text.");
            last = next;
        }
    }

    private static long Milliseconds(Guid uuid) => Convert.ToInt64(uuid.ToString("N")[..12], 16);

    private static Guid Uuid(EventId id) => id.TryGetUuid(out var uuid) ? uuid : throw new InvalidOperationException($"{id} is no UUID.");

    /// <summary>Begins every counter ten before its end, where a real one begins half-way at most, so that the end is reached in time.</summary>
    private sealed class LateRandom() : Random(0)
    {
        public override long NextInt64(long maxValue) => maxValue == 1L << 25 ? (1L << 26) - 10 : maxValue - 1;
    }
}
