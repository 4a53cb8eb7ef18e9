namespace Carillon.Tests;

/// <summary>A clock that can be set to another time while it runs. Timers and timestamps do not notice, as on a real machine.</summary>
internal sealed class MovableClock : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    public void Jump(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
}
