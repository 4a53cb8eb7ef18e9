using Carillon.Properties.Tests.Running;

namespace Carillon.Properties.Tests.Subscribing;

public sealed class LaneSchedulerProperties
{
    [Fact]
    public void Scheduler_ShouldDoAsAQueuePerKey_WhenCallsAreRandom() => Always.Holds(
        LaneStep.Sequences,
        steps =>
        {
            var walk = new LaneWalk();
            foreach (var step in steps)
                walk.Take(step);
            walk.Finish();
        },
        steps => Smaller.Sequences(steps, LaneStep.Simpler));
}
