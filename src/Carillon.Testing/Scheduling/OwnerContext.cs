namespace Carillon.Testing.Scheduling;

/// <summary>Where the continuations of an owner's code go.</summary>
internal sealed class OwnerContext(SimulationScheduler scheduler, WorkOwner owner) : SynchronizationContext
{
    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => scheduler.Post(owner, d, state);

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Waiting for another piece of work would stop the one thread of the simulation.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
