using System.Runtime.CompilerServices;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;

namespace Carillon.Properties.Tests.Scheduling;

public sealed class ScheduleProperties
{
    [Fact]
    public Task Schedule_ShouldPublishEachOnce_WhenItIsInMemory() => HoldsAsync(async time => await ScheduleInMemory.StartAsync(time), cost: 2);

    [Fact]
    public Task Schedule_ShouldPublishEachOnce_WhenItIsOnAFile() => HoldsAsync(time => Task.FromResult<IScheduleUnderTest>(new ScheduleOnFile(time)), cost: 8);

    private static Task HoldsAsync(Func<ShownTime, Task<IScheduleUnderTest>> open, int cost, [CallerMemberName] string name = "") => Always.HoldsAsync(
        ScheduleStep.Sequences,
        async steps =>
        {
            var time = new ShownTime(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));
            await using var tested = await open(time);
            var trial = new ScheduleTrial(tested, time);
            foreach (var step in steps)
                await trial.TakeAsync(step);
            await trial.DrainAsync();
        },
        steps => Smaller.Sequences(steps, ScheduleStep.Simpler),
        cost,
        name);
}
