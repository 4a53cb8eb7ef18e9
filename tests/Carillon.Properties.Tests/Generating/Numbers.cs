using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Generating;

/// <summary>Numbers: small ones, any, and the edges of their types.</summary>
internal static class Numbers
{
    public static Gen<int> Int32 { get; } = Gen.Frequency((2, Gen.Choose(-10, 10)), (2, Gen.Choose(int.MinValue, int.MaxValue)), (1, Gen.Elements(int.MinValue, int.MaxValue)));

    public static Gen<long> Int64 { get; } = Gen.Frequency(
        (2, Gen.Choose(-10, 10).Select(number => (long)number)),
        (2, from high in Gen.Choose(int.MinValue, int.MaxValue) from low in Gen.Choose(int.MinValue, int.MaxValue) select ((long)high << 32) | (uint)low),
        (1, Gen.Elements(long.MinValue, long.MaxValue)));

    /// <summary>Any floating-point number of 64 bits that is a number.</summary>
    public static Gen<double> Finite { get; } = Gen.Frequency(
        (3, Int64.Select(BitConverter.Int64BitsToDouble).Select(number => double.IsFinite(number) ? number : 0.1)),
        (1, Gen.Elements(0.0, -0.0, 0.1, 1e-323, double.MaxValue, double.MinValue, double.Epsilon, 1.5, -1234.5)));

    public static Gen<decimal> Decimal { get; } =
        from low in Int32
        from middle in Int32
        from high in Int32
        from isNegative in Gen.Elements(true, false)
        from scale in Gen.Choose(0, 28)
        select new decimal(low, middle, high, isNegative, (byte)scale);
}
