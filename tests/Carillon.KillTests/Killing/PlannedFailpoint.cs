namespace Carillon.KillTests;

/// <summary>A place where a process kills itself.</summary>
/// <param name="Name">The failpoint.</param>
/// <param name="Hit">The how manyth time that it is reached, from 1.</param>
internal sealed record PlannedFailpoint(string Name, int Hit);
