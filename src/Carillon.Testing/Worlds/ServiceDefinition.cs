namespace Carillon.Testing.Worlds;

/// <summary>A service of the world, before anything of it runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Configure">What it handles.</param>
/// <param name="Instances">How many processes of it run.</param>
internal sealed record ServiceDefinition(string Name, Action<ICarillonBuilder> Configure, int Instances);
