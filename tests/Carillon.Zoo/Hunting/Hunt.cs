using Carillon.Simulations.Workloads;
using Carillon.Testing;

namespace Carillon.Zoo.Hunting;

/// <summary>
/// Runs seeds on several threads until one violates a rule. Which seed that is does not depend on the threads: those before it are run to
/// their end.
/// </summary>
internal sealed class Hunt
{
    private readonly Simulation _simulation = Simulation.Of(ShopWorkload.Define);
    private readonly Lock _gate = new();
    private readonly ulong _from;
    private ulong _next;
    private ulong _end;
    private Catch? _found;

    private Hunt(ulong from, int seeds) => (_from, _next, _end) = (from, from, from + (ulong)seeds);

    /// <summary>Looks for one bug; for none, when it is null.</summary>
    public static Catch For(Bug? bug, ulong from, int seeds, int threads)
    {
        ZooKeeper.LetOut(bug?.Name);
        try
        {
            return new Hunt(from, seeds).Run(seeds, threads);
        }
        finally
        {
            ZooKeeper.LetOut(null);
        }
    }

    private Catch Run(int seeds, int threads)
    {
        var hunters = Enumerable.Range(0, threads).Select(_ => new Thread(RunSome)).ToArray();
        foreach (var hunter in hunters)
            hunter.Start();
        foreach (var hunter in hunters)
            hunter.Join();
        return _found ?? new Catch(seeds);
    }

    private void RunSome()
    {
        while (TryTake() is { } seed)
        {
            if (RunOne(seed) is { } found)
                Note(found);
        }
    }

    private ulong? TryTake()
    {
        lock (_gate)
            return _next < _end ? _next++ : null;
    }

    private Catch? RunOne(ulong seed)
    {
        try
        {
            return _simulation.Run(1, seed).Violation is { } violation ? new Catch((long)(seed - _from) + 1, seed, violation.Rule, violation.What) : null;
        }
        catch (Exception error)
        {
            // A bug may break the world itself: as much a reason to look as a broken rule.
            return new Catch((long)(seed - _from) + 1, seed, "the world goes on", error.Message);
        }
    }

    private void Note(Catch found)
    {
        lock (_gate)
        {
            if (_found is null || found.Seed < _found.Seed)
                (_found, _end) = (found, found.Seed!.Value);
        }
    }
}
