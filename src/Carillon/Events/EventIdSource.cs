using System.Buffers.Binary;

namespace Carillon.Events;

/// <summary>
/// Makes ids: UUIDs of version 7, each greater than the one before, also when the clock stands still or jumps back. Layout by RFC 9562
/// §6.2: 48 bits of milliseconds, a counter of 26 bits that begins anew at a random place with each millisecond, 48 random bits.
/// </summary>
internal sealed class EventIdSource(TimeProvider time, Random random)
{
    private const int CounterBits = 26;
    private const ulong CounterMax = (1UL << CounterBits) - 1;
    private const ulong MillisecondsMax = (1UL << 48) - 1;

    private readonly Lock _gate = new();
    private ulong _milliseconds;
    private ulong _counter;

    /// <summary>The next id. Safe to call by several callers at once; allocates nothing.</summary>
    public EventId Next()
    {
        ulong milliseconds;
        ulong counter;
        ulong chance;
        var now = (ulong)Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds());
        lock (_gate)
        {
            Advance(now & MillisecondsMax);
            (milliseconds, counter) = (_milliseconds, _counter);
            chance = (ulong)random.NextInt64(1L << 48);
        }

        return new EventId(Layout(milliseconds, counter, chance));
    }

    private void Advance(ulong now)
    {
        if (now <= _milliseconds && _counter < CounterMax)
        {
            _counter++;
            return;
        }

        // A used-up counter borrows from the next millisecond: the order matters more than the exact time.
        _milliseconds = Math.Max(now, _milliseconds + 1);

        // The highest bit stays free, so that every millisecond has room for at least 33 million ids.
        _counter = (ulong)random.NextInt64(1L << (CounterBits - 1));
    }

    private static Guid Layout(ulong milliseconds, ulong counter, ulong chance)
    {
        const ulong version = 7;
        const ulong variant = 0b10;
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (milliseconds << 16) | (version << 12) | (counter >> 14));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (variant << 62) | ((counter & 0x3FFF) << 48) | chance);
        return new Guid(bytes, bigEndian: true);
    }
}
