namespace Carillon.Testing.Faults;

/// <summary>A handler failed because the simulation wanted it to, and says that trying again is pointless; another process may see that otherwise.</summary>
internal sealed class FinalFailureException() : Exception("no attempt will ever succeed here");
