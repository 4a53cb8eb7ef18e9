namespace Carillon.KillTests;

/// <summary>The one place where the harness lets time pass: for its random moments, and between two looks at a condition.</summary>
internal static class Patience
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    /// <summary>Lets time pass.</summary>
    /// <returns>Whether it passed; false when cancelled.</returns>
    public static async Task<bool> PauseAsync(TimeSpan time, CancellationToken cancellation)
    {
        await Task.Delay(time, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellation.IsCancellationRequested;
    }

    /// <summary>Waits for a condition.</summary>
    /// <returns>Whether it came true in time.</returns>
    public static async Task<bool> UntilAsync(Func<bool> condition, TimeSpan bound, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > bound)
                return false;
            await Task.Delay(Look, TimeProvider.System, cancellation);
        }

        return true;
    }
}
