namespace Carillon.KillTests;

/// <summary>The clock that all processes of the harness share: the machine's.</summary>
internal static class Clock
{
    /// <summary>Now, in microseconds since 1970.</summary>
    public static long Now => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
