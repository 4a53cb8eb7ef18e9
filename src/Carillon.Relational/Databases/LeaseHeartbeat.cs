// The one thing that must not wait for the threads that everything else runs on.
#pragma warning disable RS0030

using System.Globalization;

namespace Carillon.Relational;

/// <summary>
/// Renews, from a thread of its own, leases that the loops do not come to renew in time. Handlers that block their threads, as many as there are, keep
/// everything else of a process from running for longer than a lease lasts. What it lost then would be handled in two processes at once.
/// </summary>
/// <param name="database">Where the leases are.</param>
internal sealed class LeaseHeartbeat(Database database)
{
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SaidAgainAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private readonly object _gate = new();
    private readonly List<IRenewable> _instances = [];
    private Thread? _thread;
    private DateTimeOffset? _since;
    private DateTimeOffset _latest;
    private DateTimeOffset? _said;

    /// <summary>Looks after an instance from now on.</summary>
    public void Add(IRenewable instance)
    {
        lock (_gate)
        {
            _instances.Add(instance);
            if (_thread is not null)
                return;
            _thread = new Thread(Run) { IsBackground = true, Name = "Carillon leases" };
            // What it does belongs to no caller's trace.
            _thread.UnsafeStart();
        }
    }

    /// <summary>Does not any more.</summary>
    public void Remove(IRenewable instance)
    {
        lock (_gate)
        {
            _instances.Remove(instance);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>What health says of it: a warning while leases live by this thread alone, and for a while after.</summary>
    public HealthFinding? Check()
    {
        lock (_gate)
        {
            if (_since is not { } since || database.Time.GetUtcNow() - _latest > Recent)
                return null;
            var text = string.Create(CultureInfo.InvariantCulture, $"This process did not come to renewing its leases in {database.Name} in time, last at {_latest:u}, ")
                + "and did so from a thread that is kept for that. Either handlers block all its threads: let them await what they wait for, lower Concurrency, or raise ThreadPool.SetMinThreads. "
                + "Or the database kept it waiting: look for transactions that stay open.";
            return new HealthFinding(HealthSeverity.Degraded, text)
            {
                Since = since,
            };
        }
    }

    private void Run()
    {
        var pause = database.LeaseTime / 10 > ShortestPause ? database.LeaseTime / 10 : ShortestPause;
        while (FindLate() is { } late)
        {
            if (!TryRenew(late))
                Thread.Sleep(pause);
        }
    }

    /// <summary>Waits for some that are late; null when there is nobody left to look after.</summary>
    private IRenewable[]? FindLate()
    {
        lock (_gate)
        {
            while (_instances.Count > 0)
            {
                var patience = _instances.Min(static instance => instance.UntilLate);
                if (patience <= TimeSpan.Zero)
                    return [.. _instances.Where(static instance => instance.UntilLate <= TimeSpan.Zero)];
                Monitor.Wait(_gate, patience > ShortestPause ? patience : ShortestPause);
            }

            _thread = null;
            return null;
        }
    }

    private bool TryRenew(IRenewable[] late)
    {
        var began = database.Time.GetTimestamp();
        try
        {
            var renewed = database.RenewInstances([.. late.Select(static instance => instance.Name)]);
            foreach (var instance in late.Where(instance => renewed.Contains(instance.Name)))
                instance.Renewed(began);
            if (renewed.Count > 0)
                Note();
            return renewed.Count == late.Length;
        }
        catch (Exception e)
        {
            if (!database.IsOutage(e))
                Say(() => database.Logger.WorkFailed(e, database.Name, "renewing leases from their own thread"));
            return false;
        }
    }

    private void Note()
    {
        var now = database.Time.GetUtcNow();
        lock (_gate)
        {
            _since = now - _latest > Recent ? now : _since;
            _latest = now;
        }

        Say(() => database.Logger.LeasesRenewedLate(database.Name));
    }

    // A log may block who writes to it, and nothing may block this thread.
    private void Say(Action log)
    {
        var now = database.Time.GetUtcNow();
        if (_said is { } said && (now - said).Duration() < SaidAgainAfter)
            return;
        _said = now;
        ThreadPool.UnsafeQueueUserWorkItem(static log => log(), log, preferLocal: false);
    }
}
