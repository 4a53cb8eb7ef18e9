namespace Carillon.KillTests;

/// <summary>Something happened that no kill explains: a process ended by itself, did not start, or did not stop.</summary>
internal sealed class KillTestFailedException(string message) : Exception(message);
