using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Subscribing;

/// <summary>One call to a scheduler. Which lane or delivery it concerns follows from the numbers and from what there is at that moment.</summary>
internal sealed record LaneStep(LaneAct Act, int One, int Other)
{
    public static Gen<LaneStep[]> Sequences { get; } =
        (from act in Gen.Frequency(
            (30, Gen.Constant(LaneAct.Add)), (50, Gen.Constant(LaneAct.Go)), (6, Gen.Constant(LaneAct.TakeMore)), (4, Gen.Constant(LaneAct.Revoke)), (1, Gen.Constant(LaneAct.Close)))
         from one in Gen.Choose(0, 9)
         from other in Gen.Choose(0, 9)
         select new LaneStep(act, one, other)).ArrayOf().ScaleSize(size => size * 3);

    public static IEnumerable<LaneStep> Simpler(LaneStep step)
    {
        if (step.One > 0)
            yield return step with { One = 0 };
        if (step.Other > 0)
            yield return step with { Other = 0 };
    }
}
