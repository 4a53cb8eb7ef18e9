using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;

namespace Carillon.Properties.Tests.Parking;

public sealed class ParkingStoreProperties
{
    [Fact]
    public Task Store_ShouldLeaveNoRowThatNobodyMoves_WhenItIsInMemory() => HoldsAsync(ParkingProcesses.InMemory, cost: 1);

    [Fact]
    public Task Store_ShouldLeaveNoRowThatNobodyMoves_WhenTwoProcessesShareAFile() => HoldsAsync(ParkingProcesses.OnFile, cost: 4);

    private static async Task HoldsAsync(Func<ShownTime, ParkingProcesses> open, int cost, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        var time = new ShownTime(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));
        await using var processes = open(time);
        var cases = 0;

        await Always.HoldsAsync(
            ParkingStep.Sequences,
            async steps =>
            {
                var trial = new ParkingTrial(processes, time, $"orders-{++cases}");
                foreach (var step in steps)
                    await trial.TakeAsync(step);
                await trial.DrainAsync();
            },
            steps => Smaller.Sequences(steps, ParkingStep.Simpler),
            cost,
            name);
    }
}
