namespace Carillon.Conformance.Waiting;

/// <summary>Waits for something to become true, bounded: when it takes too long, the test fails and says what never came.</summary>
internal static class Patience
{
    /// <summary>How long a scenario waits for one step.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until a condition holds, looking again after each change.</summary>
    public static async Task UntilAsync(ChangeSignal changes, Func<bool> condition, Func<string> describe)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var next = changes.Next;
            if (condition())
                return;
            var left = Limit - TimeProvider.System.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                Assert.Fail($"Waited {Limit.TotalSeconds} s in vain for: {describe()}");
            await Task.WhenAny(next, Task.Delay(left, TimeProvider.System, TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Waits until a condition holds of which nothing tells when it changes.</summary>
    public static async Task PollAsync(Func<ValueTask<bool>> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
                Assert.Fail($"Waited {Limit.TotalSeconds} s in vain for: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for a task of the code under test.</summary>
    public static async Task ForAsync(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {Limit.TotalSeconds} s in vain for: {what}");
        }
    }

    /// <inheritdoc cref="ForAsync(Task,string)"/>
    public static async Task<T> ForAsync<T>(Task<T> task, string what)
    {
        await ForAsync((Task)task, what);
        return await task;
    }
}
