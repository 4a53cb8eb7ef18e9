using System.Text;
using Carillon.Relational;
using Carillon.Transports;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>A database that is in use: its writers, its listener, and the clock of its server.</summary>
internal sealed class OpenDatabase : Database
{
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromSeconds(30);

    // Whoever wanted something of it has stopped before; what still waits then waits for a server that does not answer.
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stopping = new();
    private readonly WriteQueue _appends = new();
    private readonly WriteQueue _schedules = new();
    private readonly WriteQueue _releases = new();
    private readonly WriteQueue _cursors = new();
    private readonly WriteQueue _others = new();

    // One at a time: who has locked leases of one subscription waits for no other's.
    private readonly WriteQueue _leases = new(operationsMax: 1);
    private readonly ContestedAppends _contested;
    private readonly Bell _bell;
    private readonly SettledHistory _history;
    private Task[] _writing = [];
    private Task[] _loops = [];

    private OpenDatabase(PostgreSqlConnections connections, PostgreSqlOptions options, int partitions, string process, TimeProvider time, ILogger logger)
    {
        Connections = connections;
        Options = options;
        Partitions = partitions;
        Process = process;
        Time = time;
        Clock = new ServerClock(time);
        Logger = logger;
        Texts = new SqlTexts(options.Schema);
        _contested = new ContestedAppends(this);
        _history = new SettledHistory(this);
        _bell = new Bell(connections, options.Schema, logger, IsOutage);
    }

    public override string Name => Connections.Database;

    public override Dialect Dialect => PostgreSqlDialect.Instance;

    public override TimeProvider Time { get; }

    public override ILogger Logger { get; }

    public override int Partitions { get; }

    public override string Process { get; }

    public override TimeSpan LeaseTime => Options.LeaseTime;

    public override bool CanBeCutOff => true;

    public override DateTimeOffset Now => Clock.Now;

    public PostgreSqlOptions Options { get; }

    public PostgreSqlConnections Connections { get; }

    public SqlTexts Texts { get; }

    private ServerClock Clock { get; }

    /// <summary>Brings the tables to the newest version and begins to listen.</summary>
    public static async Task<OpenDatabase> OpenAsync(
        PostgreSqlConnections connections, PostgreSqlOptions options, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        var partitions = await new SchemaMigration(connections, options).ApplyAsync(cancellation);
        var texts = new SqlTexts(options.Schema);
        if (options.SessionConnectionString is not null)
            await SessionCheck.RunAsync(connections, texts, cancellation);
        await using var connection = await connections.OpenReservedAsync(cancellation);
        using var session = new PostgreSqlSession(connection, texts);
        var process = await session.Prepare(PostgreSqlDialect.Instance.NewName).TextAsync(cancellation);
        var database = new OpenDatabase(connections, options, partitions, process!, time, logger);
        database.Clock.Measure(StoredTime.To((await session.Prepare($"SELECT {DatabaseTime.Now}").NumberAsync(cancellation))!.Value));
        database.Describe(await connections.FindPoolerAsync(cancellation));
        database.Start();
        return database;
    }

    /// <summary>Makes a session of a connection whose transaction has begun, and in which nothing was done yet that is Carillon's.</summary>
    public PostgreSqlWriteSession OpenSession(NpgsqlConnection connection, TransactionOwnership ownership) =>
        new(connection, Texts, Options, Clock) { Ownership = ownership };

    /// <summary>Says why something was not written.</summary>
    public StorageFailedException Explain(Exception error, bool atCommit)
    {
        var failure = error is StorageFailedException || StorageFailure.Explains(error)
            ? StorageFailure.From(error, Name, atCommit)
            : new StorageFailedException((error as CarillonException)?.Code ?? ErrorCodes.StorageFailed, $"Nothing could be written to {Name}: {error.Message}", error)
            {
                // The driver encodes texts before it sends them, and refuses those that are no Unicode.
                IsForContent = error is EncoderFallbackException,
            };
        if (failure.IsUnreachable)
            Reachability.Failed(failure);
        return failure;
    }

    public override Task<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellation) => operation switch
    {
        // Each kind has a writer of its own: what holds the locks of partitions takes no others after them, so that nobody waits in a circle.
        MessageAppend => _appends.WriteAsync(operation, cancellation),
        ScheduleReleasing => _releases.WriteAsync(operation, cancellation),
        // Waits for transactions of others that schedule the same message; nothing else must wait with it.
        ScheduleAddition or ScheduleCancellation => _schedules.WriteAsync(operation, cancellation),
        // Others take over what is not renewed in time, however long everything else takes.
        LeaseRound or LeaseRelease or LeaseDeparture => _leases.WriteAsync(operation, cancellation),
        // Locks rows of leases, which whoever gives them back waits for: so it shares no transaction with anything that may take long.
        CursorMove => _cursors.WriteAsync(operation, cancellation),
        _ => _others.WriteAsync(operation, cancellation),
    };

    public override async ValueTask<TResult> ReadAsync<TState, TResult>(
        TState state, Func<Session, TState, ValueTask<TResult>> read, CancellationToken cancellation) =>
        await ReadAsync(await Connections.OpenReservedAsync(cancellation), state, read);

    public override async ValueTask<TResult> ReadForLeasesAsync<TState, TResult>(
        TState state, Func<Session, TState, ValueTask<TResult>> read, CancellationToken cancellation) =>
        await ReadAsync(await Connections.OpenForLeasesAsync(cancellation), state, read);

    public override IReadOnlyCollection<string> RenewInstances(IReadOnlyCollection<string> instances)
    {
        using var connection = Connections.OpenForHeartbeat();
        return connection is null ? [] : LeaseRenewal.Run(connection, Texts, instances);
    }

    public override ValueTask<long> FindSettledAsync(CancellationToken cancellation) => _history.FindAsync(cancellation);

    public override WriteOperation<IReadOnlyList<SendFailure>?> Append(Log log, ReadOnlyMemory<Envelope> batch, AppendPatience patience) =>
        new MessageAppend(this, log, batch, patience);

    public override void Committed(DatabaseChange changes, long bytes)
    {
        Reachability.Succeeded();
        Changes.Raise(changes);
        _bell.Ring((int)changes);
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync().WaitAsync(LongestClose, Time);
        }
        catch (TimeoutException)
        {
            Logger.ClosedWithoutAnswer(Name, LongestClose.TotalSeconds);
        }
    }

    protected override StorageFailedException? Unwrap(Exception error) =>
        StorageFailure.Explains(error) ? StorageFailure.From(error, Name, atCommit: false) : base.Unwrap(error);

    private async ValueTask<TResult> ReadAsync<TState, TResult>(NpgsqlConnection opened, TState state, Func<Session, TState, ValueTask<TResult>> read)
    {
        await using var connection = opened;
        using var session = new PostgreSqlSession(connection, Texts);
        var result = await read(session, state);
        Reachability.Succeeded();
        return result;
    }

    private async Task CloseAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        foreach (var queue in (WriteQueue[])[_appends, _schedules, _releases, _leases, _cursors, _others])
            queue.Close();
        await Task.WhenAll(_writing);
        await _bell.DisposeAsync();
        _stopping.Dispose();
    }

    private void Describe(PoolerMode pooler)
    {
        if (Partitions != Options.Partitions)
            Logger.PartitionsDiffer(Name, Partitions, Options.Partitions);
        if (pooler == PoolerMode.Transaction && Options.SessionConnectionString is null)
            Logger.PoolerFound(Name, Options.PollInterval.TotalMilliseconds);
        else if (pooler == PoolerMode.Transaction)
            Logger.PoolerFoundWithSession(Name, Connections.SessionDatabase);
    }

    private void Start()
    {
        var listener = new NotificationListener(
            Connections, Options, (int)DatabaseChange.Any, changes => Changes.Raise((DatabaseChange)changes), Time, Logger, IsOutage);
        var retention = new RetentionWorker(this, Options.InboxRetentionAge, limit => new RetentionChunk(Options.RetentionAge, Partitions, limit), Logger);

        // What the loops do belongs to no caller's trace.
        using (ExecutionContext.SuppressFlow())
        {
            _writing =
            [
                new AppendWriter(this, _appends, _contested).RunAsync(),
                _contested.RunAsync(),
                new TransactionWriter(this, _schedules, Connections.OpenReservedAsync).RunAsync(),
                new TransactionWriter(this, _releases, Connections.OpenReservedAsync).RunAsync(),
                new TransactionWriter(this, _leases, Connections.OpenForLeasesAsync).RunAsync(),
                new TransactionWriter(this, _cursors, Connections.OpenReservedAsync).RunAsync(),
                new TransactionWriter(this, _others, Connections.OpenReservedAsync).RunAsync(),
            ];
            _loops = [listener.RunAsync(_stopping.Token), RemoveOldAsync(retention)];
        }
    }

    private async Task RemoveOldAsync(RetentionWorker retention)
    {
        await Task.Yield();
        var patience = new LoopPatience(this, "removing old messages");
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(RetentionInterval, Time, _stopping.Token);
                await retention.RunAsync(_stopping.Token);
                patience.Succeeded();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                await patience.AfterFailureAsync(e, _stopping.Token);
            }
        }
    }
}
