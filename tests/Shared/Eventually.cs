using System.Runtime.CompilerServices;

namespace Carillon.Tests;

/// <summary>The one way for tests to wait: for a condition, within a bound, with an error that says which condition never came.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static Task IsTrueAsync(Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        IsTrueAsync(() => ValueTask.FromResult(condition()), within, what);

    public static async Task IsTrueAsync(Func<ValueTask<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var patience = within ?? TimeSpan.FromSeconds(20);
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience)
                throw new TimeoutException($"Within {patience.TotalSeconds} s this never became true: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
