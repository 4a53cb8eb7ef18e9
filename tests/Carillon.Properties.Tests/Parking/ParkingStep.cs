using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Parking;

/// <summary>One call to a parking store. Which message it concerns follows from the numbers and from what there is at that moment.</summary>
internal sealed record ParkingStep(ParkingAct Act, int One, int Other)
{
    public const int NumberMax = 63;

    public static Gen<ParkingStep[]> Sequences { get; } =
        (from act in Gen.Frequency(
            (6, Gen.Constant(ParkingAct.Park)), (6, Gen.Constant(ParkingAct.Claim)), (3, Gen.Constant(ParkingAct.Fail)), (3, Gen.Constant(ParkingAct.Complete)), (1, Gen.Constant(ParkingAct.TakeOver)),
            (2, Gen.Constant(ParkingAct.Replay)), (1, Gen.Constant(ParkingAct.Discard)), (3, Gen.Constant(ParkingAct.Wait)), (1, Gen.Constant(ParkingAct.Restart)))
         from one in Gen.Choose(0, NumberMax)
         from other in Gen.Choose(0, NumberMax)
         select new ParkingStep(act, one, other)).ArrayOf();

    public static IEnumerable<ParkingStep> Simpler(ParkingStep step)
    {
        if (step.One > 0)
            yield return step with { One = step.One / 2 };
        if (step.Other > 0)
            yield return step with { Other = step.Other / 2 };
    }
}
