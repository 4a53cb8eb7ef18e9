namespace Carillon.Testing.Worlds;

/// <summary>A process died while something was asked of it.</summary>
internal sealed class ProcessEndedException(string process) : Exception($"{process} has died; what became of the request is unknown.");
