namespace Carillon.Testing.Scheduling;

/// <summary>Chance that a seed decides (xoshiro256**, seeded by SplitMix64): the same seed gives the same numbers on every machine and version.</summary>
internal sealed class SeededRandom : Random
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

#pragma warning disable RS0030 // Chance comes from the seed; the base class is only a name.
    public SeededRandom(ulong seed)
        : base(0)
#pragma warning restore RS0030
    {
        _s0 = Mix(ref seed);
        _s1 = Mix(ref seed);
        _s2 = Mix(ref seed);
        _s3 = Mix(ref seed);
    }

    /// <summary>Chance of its own for a part of what this one decides.</summary>
    public SeededRandom Fork() => new(NextUInt64());

    /// <summary>Chance of its own for a part, without a trace in what this one decides.</summary>
    /// <param name="part">Which part: another number, another chance.</param>
    public SeededRandom Branch(ulong part) => new(_s0 ^ ulong.RotateLeft(_s3, 17) ^ part);

    /// <summary>Whether something happens that happens once in so many times.</summary>
    public bool OneIn(int times) => Next(times) == 0;

    /// <summary>Any 64 bits.</summary>
    public ulong NextUInt64()
    {
        var result = ulong.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }

    /// <inheritdoc/>
    public override int Next() => (int)(NextUInt64() >> 33) & int.MaxValue;

    /// <inheritdoc/>
    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)(((NextUInt64() >> 32) * (ulong)maxValue) >> 32);
    }

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)(minValue + NextInt64((long)maxValue - minValue));
    }

    /// <inheritdoc/>
    public override long NextInt64() => (long)(NextUInt64() >> 1);

    /// <inheritdoc/>
    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (long)Math.BigMul(NextUInt64(), (ulong)maxValue, out _);
    }

    /// <inheritdoc/>
    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return unchecked(minValue + (long)Math.BigMul(NextUInt64(), unchecked((ulong)(maxValue - minValue)), out _));
    }

    /// <inheritdoc/>
    public override double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc/>
    public override float NextSingle() => (NextUInt64() >> 40) * (1.0f / (1U << 24));

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref var one in buffer)
            one = (byte)(NextUInt64() >> 56);
    }

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();

    private static ulong Mix(ref ulong state)
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
