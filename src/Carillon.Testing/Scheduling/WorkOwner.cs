namespace Carillon.Testing.Scheduling;

/// <summary>Who does a piece of work: a process, a server, or the world itself. What a dead owner still had to do is never done.</summary>
internal class WorkOwner
{
    private readonly OwnerContext _context;

    public WorkOwner(SimulationScheduler scheduler, int number, string name)
    {
        Scheduler = scheduler;
        Number = number;
        Name = name;
        Clock = new SimulatedClock(scheduler, this);
        _context = new OwnerContext(scheduler, this);
    }

    /// <summary>Which owner this is, from 0, the same in every run of a seed.</summary>
    public int Number { get; }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>What does its work.</summary>
    public SimulationScheduler Scheduler { get; }

    /// <summary>Its own idea of the time.</summary>
    public SimulatedClock Clock { get; }

    /// <summary>Whether it lives. Once dead, always dead.</summary>
    public bool IsAlive { get; protected set; } = true;

    /// <summary>How many pieces of its work came up.</summary>
    public long Steps { get; private set; }

    /// <summary>Begins something of this owner's, as a piece of work of its own.</summary>
    public void Run(Func<Task> work, Action<Exception> failed) =>
        Scheduler.Post(this, static state => _ = ((Job)state!).RunAsync(), new Job(work, failed));

    /// <summary>A piece of its work is about to be done, with continuations coming back to it.</summary>
    /// <returns>Whether it may be done now.</returns>
    public bool TryBegin(in WorkItem item)
    {
        if (!IsAlive)
            return false;
        Steps++;
        if (!MayBegin(item))
            return false;
        SynchronizationContext.SetSynchronizationContext(_context);
        return true;
    }

    /// <summary>Whether work may be done now; what may not is lost or kept elsewhere by the owner.</summary>
    protected virtual bool MayBegin(in WorkItem item) => true;

    private sealed record Job(Func<Task> Work, Action<Exception> Failed)
    {
        public async Task RunAsync()
        {
            try
            {
                await Work();
            }
            catch (Exception error)
            {
                Failed(error);
            }
        }
    }
}
