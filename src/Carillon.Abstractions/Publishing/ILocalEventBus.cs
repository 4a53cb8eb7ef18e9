namespace Carillon;

/// <summary>
/// Raises events inside the process: every method marked with <see cref="LocalHandlerAttribute"/> runs at once, one after the other,
/// in the caller's own scope and therefore before the caller's transaction commits. Nothing is stored and nothing is retried: an
/// exception of a handler reaches the caller, and the handlers after it do not run.
/// </summary>
/// <remarks>A scoped service. Use <see cref="IEventBus"/> to reach other services; the two never stand in for each other.</remarks>
public interface ILocalEventBus
{
    /// <summary>Runs every local handler of <typeparamref name="TEvent"/> and completes when the last one has.</summary>
    ValueTask RaiseAsync<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : notnull;
}
