namespace Carillon.Parking;

/// <summary>The place of somebody who handles messages. Whoever merely waits lends it to others meanwhile, so that keys which have nothing to do with it go on (G6).</summary>
internal interface IWorkingPlace
{
    /// <summary>Waits while somebody else has the place.</summary>
    /// <param name="wait">What to wait for.</param>
    /// <param name="patience">Gives up, and waits no longer for the place to come back either.</param>
    ValueTask<TResult> WaitAsync<TResult>(Func<CancellationToken, ValueTask<TResult>> wait, CancellationToken patience);
}
