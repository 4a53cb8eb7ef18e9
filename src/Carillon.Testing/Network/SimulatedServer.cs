using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Network;

/// <summary>A broker or a database, as something that can be away. What it keeps is durable; what is under way when it dies is not.</summary>
internal sealed class SimulatedServer(SimulationScheduler scheduler, int number, string name, bool isStore) : WorkOwner(scheduler, number, name)
{
    private readonly List<Action> _kept = [];

    /// <summary>Whether it is a store, which may be slow.</summary>
    public bool IsStore => isStore;

    /// <summary>Whether it runs.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>How often it was started.</summary>
    public int Generation { get; private set; } = 1;

    /// <summary>What ends with the server: sessions, waits.</summary>
    public Action? Dying { get; set; }

    /// <summary>Whether it takes requests and does nothing.</summary>
    public bool IsHung { get; private set; }

    /// <summary>From now on it does nothing, as a machine whose disk does not answer.</summary>
    public void Hang() => IsHung = true;

    /// <summary>Keeps a request that came while it does nothing.</summary>
    public void Keep(Action request) => _kept.Add(request);

    /// <summary>Lets it go on, with what has come meanwhile.</summary>
    public void GoOn()
    {
        IsHung = false;
        foreach (var request in _kept)
            Scheduler.Post(this, static request => ((Action)request!)(), request);
        _kept.Clear();
    }

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        if (!IsUp)
            return;
        IsUp = false;
        Generation++;
        _kept.Clear();
        Dying?.Invoke();
    }

    /// <summary>Starts it again.</summary>
    public void Start() => IsUp = true;
}
