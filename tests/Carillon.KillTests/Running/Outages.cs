namespace Carillon.KillTests;

/// <summary>Takes something away for some time while something else happens.</summary>
internal sealed class Outages(ITransportPlace place, Dependency dependency, TimeSpan time)
{
    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    /// <summary>Takes it away, lets something happen, and brings it back when the time is over.</summary>
    public async Task RunAsync(Outage outage, Func<Task> meanwhile, CancellationToken cancellation)
    {
        if (outage == Outage.None)
        {
            await meanwhile();
            return;
        }

        Count++;
        await using var back = outage == Outage.DependencyIsGone
            ? dependency.TakeAway()
            : await ((IOutagePlace)place).TakeAwayAsync(stands: outage == Outage.DatabaseStands);
        await Patience.PauseAsync(time / 2, cancellation);
        await meanwhile();
        await Patience.PauseAsync(time / 2, cancellation);
    }
}
