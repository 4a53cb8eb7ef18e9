namespace Carillon.Testing.Worlds;

/// <summary>A service of the world, before anything of it runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Versions">What it handles, in each of its versions, the oldest first.</param>
/// <param name="Instances">How many processes of it run.</param>
internal sealed record ServiceDefinition(string Name, List<Action<ICarillonBuilder>> Versions, int Instances)
{
    /// <summary>The number of its newest version, from 0.</summary>
    public int Newest => Versions.Count - 1;
}
