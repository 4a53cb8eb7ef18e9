namespace Carillon.Testing.Tests.Worlds;

/// <summary>The one way to let virtual time pass.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Lets some milliseconds of virtual time pass.</summary>
    public static Task ForAsync(int milliseconds, TimeProvider time, CancellationToken cancellation = default) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, cancellation);

    /// <summary>Lets virtual time pass until a condition holds.</summary>
    public static async Task UntilAsync(Func<bool> condition, TimeProvider time, Func<string> describe)
    {
        var began = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(began) > Limit)
                Assert.Fail($"Waited {Limit.TotalMinutes} minutes of virtual time in vain for: {describe()}");
            await Task.Delay(Pause, time, CancellationToken.None);
        }
    }
}
