using System.Data.Common;
using Carillon.Durability;
using Carillon.InMemory;
using Carillon.Scheduling;

namespace Carillon.Tests.Durability;

/// <summary>
/// A store for units of work that outlives the hosts of a test as a database would: what a transaction did is there for all to see once it
/// has committed, and the messages are then in the in-memory transport. Every step is noted, and can be made to fail.
/// </summary>
internal sealed class InMemoryStore : IUnitOfWorkStore, ISchedule
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Subscription, string? Source, EventId Id), string> _inbox = [];
    private readonly List<ScheduledMessage> _scheduled = [];
    private readonly List<string> _steps = [];

    public bool HoldsTransport { get; set; }

    /// <summary>Where committed messages go.</summary>
    public InMemoryBroker Broker { get; set; } = new();

    /// <summary>Called before each step, to make it fail.</summary>
    public Action<string> Before { get; set; } = static _ => { };

    /// <summary>What was done, in order: begin, claim, schedule 1, append 2, commit, dispose.</summary>
    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (_gate)
                return [.. _steps];
        }
    }

    /// <summary>The ids of what is scheduled.</summary>
    public IReadOnlyList<EventId> Scheduled
    {
        get
        {
            lock (_gate)
                return [.. _scheduled.Select(message => message.Envelope.Id)];
        }
    }

    public ValueTask<IStoreTransaction> BeginAsync(CancellationToken cancellation) => BeginAsync(new TestConnection(), cancellation);

    public ValueTask<IStoreTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation)
    {
        Step("begin");
        return new ValueTask<IStoreTransaction>(new InMemoryStoreTransaction(this, (TestConnection)connection));
    }

    public ValueTask<IStoreTransaction> JoinAsync(DbTransaction transaction, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation)
    {
        lock (_gate)
            _scheduled.AddRange(messages);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation)
    {
        lock (_gate)
            return new ValueTask<bool>(_scheduled.RemoveAll(message => message.Envelope.Source == source && message.Envelope.Id == id) > 0);
    }

    public ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation) => new(new ScheduleRelease(0, null));

    internal void Step(string step)
    {
        Before(step);
        lock (_gate)
            _steps.Add(step);
    }

    internal InboxClaim Look(string subscription, in Envelope message)
    {
        lock (_gate)
        {
            if (!_inbox.TryGetValue((subscription, message.Source, message.Id), out var body))
                return InboxClaim.First;
            return body == Convert.ToHexString(message.Body.Span) ? InboxClaim.Duplicate : InboxClaim.IdReused;
        }
    }

    internal void Mark(string subscription, in Envelope message)
    {
        lock (_gate)
            _inbox.Add((subscription, message.Source, message.Id), Convert.ToHexString(message.Body.Span));
    }
}
