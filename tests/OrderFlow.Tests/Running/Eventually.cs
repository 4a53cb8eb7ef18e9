using System.Diagnostics;

namespace OrderFlow.Tests.Running;

/// <summary>Waits for something to become true: looks again and again, and gives up with a message that says what it saw last.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until what is seen is as expected, and returns it.</summary>
    public static async Task<T> SeeAsync<T>(string what, Func<Task<T>> look, Func<T, bool> isSo, Func<T, string>? describe = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isSo(seen))
                return seen;
            if (clock.Elapsed > Patience)
                throw new TimeoutException($"Waited {Patience.TotalSeconds} s for {what}. Last seen: {(describe is null ? seen?.ToString() : describe(seen))}");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }
}
