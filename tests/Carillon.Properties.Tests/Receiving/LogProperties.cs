using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Properties.Tests.Sqlite;
using Carillon.Relational;

namespace Carillon.Properties.Tests.Receiving;

public sealed class LogProperties
{
    [Fact]
    public Task Instances_ShouldFinishEverythingInOrder_WhenTheyComeAndGoOnTheLog() => HoldsAsync(Log.Messages);

    [Fact]
    public Task Instances_ShouldFinishEverythingInOrder_WhenTheyComeAndGoOnTheOutbox() => HoldsAsync(Log.Outbox);

    private static async Task HoldsAsync(Log log, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        var time = new ShownTime(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));
        await using var file = new TemporaryFile(time);
        var database = await file.OpenAsync();
        var cases = 0;

        await Always.HoldsAsync(
            LogStep.Sequences,
            async steps =>
            {
                await using var trial = await LogTrial.StartAsync(database, time, log, $"orders-{++cases}");
                foreach (var step in steps)
                    await trial.TakeAsync(step);
                await trial.DrainAsync();
            },
            steps => Smaller.Sequences(steps, LogStep.Simpler),
            cost: 4,
            name);
    }
}
