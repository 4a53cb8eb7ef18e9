using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Network;

/// <summary>A broker or a database, as something that can be away. What it keeps is durable; what is under way when it dies is not.</summary>
internal sealed class SimulatedServer(SimulationScheduler scheduler, int number, string name, bool isStore) : WorkOwner(scheduler, number, name)
{
    /// <summary>Whether it is a store, which may be slow.</summary>
    public bool IsStore => isStore;

    /// <summary>Whether it runs.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>How often it was started.</summary>
    public int Generation { get; private set; } = 1;

    /// <summary>What ends with the server: sessions, waits.</summary>
    public Action? Dying { get; set; }

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        if (!IsUp)
            return;
        IsUp = false;
        Generation++;
        Dying?.Invoke();
    }

    /// <summary>Starts it again.</summary>
    public void Start() => IsUp = true;
}
