namespace Carillon.Subscribing;

/// <summary>Lets messages that may kill the process run one at a time in it, so that it is known which of them it was.</summary>
internal sealed class LoneTurn(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // What goes on beside it may finish in this time, and be written down, so that a death takes less of it along.
    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(1);

    // Whoever has the turn may hang, in another subscription: that must not hold up this one for ever (G6).
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private int _isTaken;

    /// <summary>Waits for the turn, which is given back by <see cref="Give"/>.</summary>
    /// <param name="patience">Ends the waiting for the turn; whoever has it by then goes on.</param>
    /// <param name="cancellation">Ends everything.</param>
    /// <returns>Whether it was got; otherwise whoever has it takes too long to be waited for.</returns>
    public async ValueTask<bool> TakeAsync(CancellationToken patience, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (Interlocked.Exchange(ref _isTaken, 1) == 1)
        {
            if (time.GetElapsedTime(began) > LongestWait)
                return false;
            await Task.Delay(Pause, time, patience);
        }

        try
        {
            await Task.Delay(Respite, time, cancellation);
            return true;
        }
        catch
        {
            Give();
            throw;
        }
    }

    public void Give() => Volatile.Write(ref _isTaken, 0);
}
