using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Scheduling;

/// <summary>One call to a schedule. Which message it concerns follows from the numbers and from what there is at that moment.</summary>
internal sealed record ScheduleStep(ScheduleAct Act, int One, int Other)
{
    private const int NumberMax = 50;

    public static Gen<ScheduleStep[]> Sequences { get; } =
        (from act in Gen.Frequency(
            (6, Gen.Constant(ScheduleAct.Add)), (1, Gen.Constant(ScheduleAct.AddCommand)), (2, Gen.Constant(ScheduleAct.Cancel)), (4, Gen.Constant(ScheduleAct.Release)),
            (4, Gen.Constant(ScheduleAct.Wait)), (1, Gen.Constant(ScheduleAct.Restart)))
         from one in Gen.Choose(0, NumberMax)
         from other in Gen.Choose(0, NumberMax)
         select new ScheduleStep(act, one, other)).ArrayOf();

    public static IEnumerable<ScheduleStep> Simpler(ScheduleStep step)
    {
        if (step.One > 0)
            yield return step with { One = step.One / 2 };
        if (step.Other > 0)
            yield return step with { Other = step.Other / 2 };
    }
}
