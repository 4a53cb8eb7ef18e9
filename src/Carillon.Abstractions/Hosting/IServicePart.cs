namespace Carillon;

/// <summary>
/// Something that runs while a service runs, such as a worker with a timer: started, stopped and looked after together with everything else
/// of the service. Added with <see cref="ICarillonBuilder.AddServicePart"/>.
/// </summary>
public interface IServicePart : IHealthReporting
{
    /// <summary>What people call it, such as <c>the relay of shop</c>: for the log and for health.</summary>
    string Name { get; }

    /// <summary>When it is started and stopped. Default <see cref="ServiceStage.Working"/>: the bus works whenever the part does.</summary>
    ServiceStage Stage => ServiceStage.Working;

    /// <summary>Starts it; called once. When it is cancelled, or its time is over, the service does not start and the part is stopped.</summary>
    ValueTask StartAsync(CancellationToken cancellation);

    /// <summary>
    /// Stops it and lets go of everything. Called once, also for a part whose start has failed or has not ended. What takes longer than until
    /// <paramref name="deadline"/> is to be left undone, in a state from which the next start goes on; a second later the service goes on without it.
    /// </summary>
    ValueTask StopAsync(CancellationToken deadline);
}
