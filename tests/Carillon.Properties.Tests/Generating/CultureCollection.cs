namespace Carillon.Properties.Tests.Generating;

/// <summary>Tests that change the culture of all threads.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CultureCollection
{
    public const string Name = "Cultures";
}
