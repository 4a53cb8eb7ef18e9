using System.Diagnostics;

namespace Carillon.Sqlite.Tests;

/// <summary>Waits for conditions, never for time.</summary>
public static class Wait
{
    public static async Task UntilAsync(Func<bool> condition, string what, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (patience ?? TimeSpan.FromSeconds(30)))
                throw new TimeoutException($"Waited {watch.Elapsed.TotalSeconds:0} s in vain until {what}.");
            await Task.Delay(2);
        }
    }

    public static Task UntilAsync(Func<bool> condition, Func<string> what) => UntilAsync(() => condition(), what: what());
}
