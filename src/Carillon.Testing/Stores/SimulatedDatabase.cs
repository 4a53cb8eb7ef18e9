using System.Data.Common;
using Carillon.InMemory;
using Carillon.Parking;

namespace Carillon.Testing.Stores;

/// <summary>
/// What a database keeps for the services that use it: their inbox, schedule and parked messages, the open transactions, and the user's
/// rows where it has a SQL engine. Safe to call by several callers at once.
/// </summary>
/// <param name="log">Where transactions add messages.</param>
/// <param name="time">The database's clock.</param>
/// <param name="sql">Opens a connection to the engine that holds the user's rows, or null for none.</param>
internal sealed class SimulatedDatabase(ICommittedLog log, TimeProvider time, Func<DbConnection>? sql)
{
    private readonly HashSet<StoreSession> _open = [];

    /// <summary>The database's time.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Whether it refuses texts that it cannot hold, rather than hold any.</summary>
    public bool IsStrict { get; set; }

    /// <summary>Guards everything.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Where transactions add messages.</summary>
    public ICommittedLog Log => log;

    /// <summary>Which messages were handled.</summary>
    public InboxMarks Inbox { get; } = new();

    /// <summary>What is to be published later.</summary>
    public ScheduleTable Schedule { get; } = new(log, time);

    /// <summary>Whether an instance of a subscription handles a message and was to be known by all others; nobody does where nothing is said.</summary>
    public Func<string, Envelope, bool> IsHandled { get; set; } = static (_, _) => false;

    /// <summary>Whether a message was handled exactly once already; nothing was where nothing is said.</summary>
    public Func<string, Envelope, bool> WasHandled { get; set; } = static (_, _) => false;

    /// <summary>The messages that were made dead letters and not replayed since, and whether they had been handled exactly once by then.</summary>
    public Dictionary<(string Subscription, string? Source, EventId Id), bool> Buried { get; } = [];

    /// <summary>Messages that hold up nothing since nobody could handle them: they are handled after later ones of their keys.</summary>
    public HashSet<(string Subscription, string? Source, EventId Id)> Unhandled { get; } = [];

    /// <summary>Parked messages that were finished while nobody could handle them.</summary>
    public HashSet<(string Subscription, string? Source, EventId Id)> Ignored { get; } = [];

    /// <summary>The parked messages that were claimed, by their number.</summary>
    public Dictionary<long, ParkedMessage> Claimed { get; } = [];

    /// <summary>What subscriptions have set aside.</summary>
    public InMemoryParkingStore Parking { get; } = new(time);

    /// <summary>The transactions that go on.</summary>
    public IReadOnlyCollection<StoreSession> Open => _open;

    /// <summary>Whose turn it is: engines for tests have one writer.</summary>
    public WriterTurn Turn { get; } = new();

    /// <summary>Whether it holds rows of the user.</summary>
    public bool HasSql => sql is not null;

    /// <summary>Opens a connection to the engine.</summary>
    public DbConnection? OpenSql()
    {
        var connection = sql?.Invoke();
        connection?.Open();
        return connection;
    }

    /// <summary>Begins a transaction. With a SQL engine, the caller has the turn.</summary>
    /// <param name="client">Who works in it.</param>
    /// <param name="rows">The connection to the engine, if there is one.</param>
    /// <param name="ended">Called when it ends, either way.</param>
    public StoreSession Begin(object? client, DbConnection? rows, Action ended)
    {
        lock (Gate)
        {
            StoreSession? session = null;
            session = new StoreSession(this, client, rows?.BeginTransaction(), () =>
            {
                _open.Remove(session!);
                ended();
            });
            _open.Add(session);
            return session;
        }
    }

    /// <summary>Rolls back what a client has left behind; everybody's when it is null.</summary>
    public void RollbackOf(object? client)
    {
        foreach (var session in _open.Where(session => client is null || session.Client == client).ToArray())
            session.Rollback();
    }
}
