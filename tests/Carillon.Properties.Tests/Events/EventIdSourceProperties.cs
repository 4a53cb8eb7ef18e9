using Carillon.Events;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Events;

public sealed class EventIdSourceProperties
{
    private static readonly Gen<long> _jumps = Gen.Frequency(
        (4, Gen.Constant(0L)),
        (2, Gen.Choose(-5, 5).Select(milliseconds => milliseconds * TimeSpan.TicksPerMillisecond)),
        (2, Times.Ticks(-TimeSpan.TicksPerDay * 400, TimeSpan.TicksPerDay * 400)),
        (1, Times.Ticks(-TimeSpan.TicksPerDay * 365 * 100, TimeSpan.TicksPerDay * 365 * 100)));

    /// <summary>Ids grow, as numbers and as texts, whatever the clock does; and they are UUIDs of version 7.</summary>
    [Fact]
    public void Next_ShouldGrow_WhenTheClockJumps() => Always.Holds(
        from start in Times.Utc from seed in Gen.Choose(0, int.MaxValue) from jumps in _jumps.ArrayOf() select (Start: start, Seed: seed, Jumps: jumps),
        given =>
        {
            var clock = new ShownTime(given.Start);
            var ids = new EventIdSource(clock, new System.Random(given.Seed));
            var last = "";
            foreach (var jump in given.Jumps)
            {
                clock.Jump(jump);
                var id = ids.Next();
                var text = id.ToString();
                Assert.True(string.CompareOrdinal(text, last) > 0, $"{text} came after {last}");
                Assert.True(id.TryGetUuid(out var uuid));
                Assert.Equal((7, 0b10), (uuid.Version, uuid.Variant >> 2));
                last = text;
            }
        },
        given => Smaller.Sequences(given.Jumps).Select(jumps => (given.Start, given.Seed, jumps)));

    [Fact]
    public void Next_ShouldBeOfTheTime_WhenTheClockGoesForward() => Always.Holds(
        from start in Times.Utc from seed in Gen.Choose(0, int.MaxValue) select (Start: start, Seed: seed),
        given =>
        {
            var milliseconds = Math.Max(0, given.Start.ToUnixTimeMilliseconds());

            var id = new EventIdSource(new ShownTime(given.Start), new System.Random(given.Seed)).Next();

            Assert.Equal(milliseconds, Convert.ToInt64(id.ToString().Replace("-", "", StringComparison.Ordinal)[..12], 16));
        });
}
