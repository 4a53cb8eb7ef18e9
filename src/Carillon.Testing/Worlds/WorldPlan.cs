using System.Data.Common;

namespace Carillon.Testing.Worlds;

/// <summary>What the user has defined for one run.</summary>
internal sealed class WorldPlan
{
    /// <summary>The services.</summary>
    public List<ServiceDefinition> Services { get; } = [];

    /// <summary>Who asks services for something.</summary>
    public List<(string Service, Func<SimulatedClient, Task> Behave)> Clients { get; } = [];

    /// <summary>Who comes at once, and asks services for something, when something has happened.</summary>
    public List<(string Service, FaultKinds When, Func<SimulatedClient, Task> Behave)> Crowds { get; } = [];

    /// <summary>What the user wants to be true all the time.</summary>
    public List<(string Rule, Func<bool> IsTrue)> Checks { get; } = [];

    /// <summary>What the user wants to be true when all is over.</summary>
    public List<(string Rule, Func<bool> IsTrue)> FinalChecks { get; } = [];

    /// <summary>What is to be done when the run is over.</summary>
    public List<Action> Ends { get; } = [];

    /// <summary>Which servers there are, or null for what the seed says.</summary>
    public WorldShape? Shape { get; set; }

    /// <summary>Opens connections to the engine that holds the user's rows, or null.</summary>
    public Func<DbConnection>? Sql { get; set; }

    /// <summary>Looks whether all that is named is there.</summary>
    /// <exception cref="InvalidOperationException">A client asks a service that there is not.</exception>
    public void Validate()
    {
        foreach (var asked in Clients.Select(client => client.Service).Concat(Crowds.Select(crowd => crowd.Service)))
        {
            if (!Services.Exists(service => service.Name == asked))
                throw new InvalidOperationException($"A client asks the service {asked}, but there is only: {string.Join(", ", Services.Select(service => service.Name))}. Add it with AddService.");
        }
    }
}
