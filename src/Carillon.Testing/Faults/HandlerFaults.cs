using Carillon.Testing.Processes;
using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Faults;

/// <summary>What goes wrong in handlers, in all processes together.</summary>
internal sealed class HandlerFaults(FaultInjector faults, SimulationScheduler scheduler, SeededRandom random)
{
    /// <summary>What a handler says when what it needs is away.</summary>
    public const string Away = "what it needs is away";

    // Three by the rule; a note whose answer was lost, and a death of another kind before, may hide one each.
    private const int MostDeaths = 5;
    private const int MostDeadly = 2;

    /// <summary>How long a handler hangs at most.</summary>
    public static readonly TimeSpan LongestHang = TimeSpan.FromMinutes(3);

    private readonly Dictionary<EventId, int> _deadly = [];
    private readonly Dictionary<string, long> _awayUntil = new(StringComparer.Ordinal);
    private readonly List<TaskCompletionSource> _hung = [];
    private readonly HashSet<EventId> _heedless = [];
    private readonly BadMessages _bad = new(faults, random);
    private readonly OutageEvidence _outages = new();

    /// <summary>The messages that killed more processes than anybody needs to understand that they do.</summary>
    public IEnumerable<(EventId Id, int Deaths)> Unstopped => _deadly.Where(message => message.Value > MostDeaths).Select(message => (message.Key, message.Value));

    /// <summary>Whether a process had seen enough of what was away to know it for an outage, when an attempt at a message failed for that.</summary>
    public bool WasPlainOutage(string subscription, EventId message, int attempt) => _outages.WasPlain(subscription, message, attempt);

    /// <summary>What the handlers of a service need is away for some time.</summary>
    public void TakeAway(string service, TimeSpan duration) =>
        _awayUntil[service] = Math.Max(_awayUntil.GetValueOrDefault(service), scheduler.NowTicks + duration.Ticks);

    /// <summary>Whether a handler hung at a message and heeded no cancellation.</summary>
    public bool WasHeedless(EventId message) => _heedless.Contains(message);

    /// <summary>Whether a message kills.</summary>
    public bool IsDeadly(EventId message) => _deadly.ContainsKey(message);

    /// <summary>Somebody has looked at a message that kills, and repaired what it hits.</summary>
    public void Disarm(EventId message) => _deadly.Remove(message);

    /// <summary>Nobody hangs any more, and everything that handlers need is there. What kills goes on to kill: it is no fault of the moment.</summary>
    public void Heal()
    {
        _awayUntil.Clear();
        foreach (var handler in _hung)
            handler.TrySetResult();
        _hung.Clear();
    }

    /// <summary>A handler begins.</summary>
    /// <exception cref="SimulatedFailureException">It fails.</exception>
    public async ValueTask StrikeAsync(SimulatedProcess process, EventContext context)
    {
        if (Kills(context.Id))
        {
            _deadly[context.Id]++;
            faults.Record(FaultKinds.DeadlyMessage, $"{process.Name} dies of {context.Id}, its victim number {_deadly[context.Id]}");
            process.Kill();
            await new TaskCompletionSource().Task;
        }

        if (_awayUntil.TryGetValue(ServiceOf(context.Subscription), out var until) && scheduler.NowTicks < until)
        {
            _outages.Fail(process, context);
            throw new SimulatedFailureException(Away);
        }

        _outages.Pass(process, context);
        _bad.Strike(context);
        if (faults.Strikes(FaultKinds.HungHandler))
            await HangAsync(process, context);
    }

    private async Task HangAsync(SimulatedProcess process, EventContext context)
    {
        var (time, heeds) = (LongestHang * random.NextDouble(), random.OneIn(2));
        faults.Record(FaultKinds.HungHandler, $"{context.Subscription} hangs at {context.Id} for {time.TotalSeconds:F3} s{(heeds ? "" : " and heeds nothing")}");
        if (!heeds)
            _heedless.Add(context.Id);
        var over = new TaskCompletionSource();
        _hung.Add(over);
        scheduler.Schedule(process, time, _ => over.TrySetResult(), null);
        using var registration = heeds ? context.Cancellation.UnsafeRegister(static (over, token) => ((TaskCompletionSource)over!).TrySetCanceled(token), over) : default;
        await over.Task;
    }

    private bool Kills(EventId message)
    {
        if (_deadly.ContainsKey(message))
            return true;
        if (_deadly.Count >= MostDeadly || !faults.Strikes(FaultKinds.DeadlyMessage))
            return false;
        _deadly.Add(message, 0);
        return true;
    }

    private static string ServiceOf(string subscription) => subscription.Split('.')[0];
}
