namespace Carillon.Sqlite;

/// <summary>How long loops wait after a failure before they try again.</summary>
internal static class Patience
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits a moment; returns early, without an exception, when cancelled.</summary>
    public static async Task AfterFailureAsync(TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Pause, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The caller's loop ends by itself.
        }
    }
}
