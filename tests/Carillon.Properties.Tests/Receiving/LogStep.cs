using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Receiving;

/// <summary>One step of the instances of a subscription. Which message it concerns follows from the numbers and from what there is at that moment.</summary>
internal sealed record LogStep(LogAct Act, int One, int Other)
{
    private const int NumberMax = 30;

    public static Gen<LogStep[]> Sequences { get; } =
        (from act in Gen.Frequency(
            (4, Gen.Constant(LogAct.Append)), (5, Gen.Constant(LogAct.Round)), (6, Gen.Constant(LogAct.Read)), (8, Gen.Constant(LogAct.Acknowledge)), (2, Gen.Constant(LogAct.Return)),
            (3, Gen.Constant(LogAct.WriteCursors)), (2, Gen.Constant(LogAct.Wait)), (1, Gen.Constant(LogAct.SetClock)), (1, Gen.Constant(LogAct.Crash)), (1, Gen.Constant(LogAct.Stop)))
         from one in Gen.Choose(0, NumberMax)
         from other in Gen.Choose(0, NumberMax)
         select new LogStep(act, one, other)).ArrayOf();

    public static IEnumerable<LogStep> Simpler(LogStep step)
    {
        if (step.One > 0)
            yield return step with { One = step.One / 2 };
        if (step.Other > 0)
            yield return step with { Other = step.Other / 2 };
    }
}
