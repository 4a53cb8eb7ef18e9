using System.Globalization;
using Carillon.Conformance.Parking;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>
    /// Random sequences of calls have the outcome that a naive model of the store has. A failure names its seed; the environment variable
    /// <c>CARILLON_SEED</c> runs that one alone, and <c>CARILLON_RUNS</c> sets the number of sequences (default 100).
    /// </summary>
    [Fact]
    public async Task Store_ShouldBehaveLikeModel_WhenCallsAreRandom()
    {
        RequireGivenTime();
        var seed = ReadNumber("CARILLON_SEED");
        var first = seed ?? (int)(TimeProvider.System.GetTimestamp() % 1_000_000_000);
        var runs = seed is null ? ReadNumber("CARILLON_RUNS") ?? 100 : 1;
        for (var run = 0; run < runs; run++)
        {
            var (store, _) = await OpenAsync();
            var walk = new ParkingWalk(store, _time, first + run, subscription: $"orders-{run}", Cancellation);
            try
            {
                await walk.RunAsync(steps: 120);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Assert.Fail($"With CARILLON_SEED={first + run}, after:{Environment.NewLine}{walk.Story}{Environment.NewLine}{error.Message}");
            }
        }
    }

    private static int? ReadNumber(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
