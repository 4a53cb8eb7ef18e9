namespace Carillon.Testing.Faults;

/// <summary>A handler failed because the simulation wanted it to.</summary>
/// <param name="message">With what.</param>
internal sealed class SimulatedFailureException(string message) : Exception(message);
