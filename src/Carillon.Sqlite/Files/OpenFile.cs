using Carillon.Relational;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>A file that is in use: its one writer, its watchers, and this process's presence among the others.</summary>
internal sealed class OpenFile : Database
{
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConnectionFactory _factory;
    private readonly Bell _bell;
    private readonly ProcessPresence _presence;
    private readonly ChangeWatcher _watcher;
    private readonly FileWriter _writer;
    private PreparedConnection? _unitOfWorkConnection;
    private Task _writing = Task.CompletedTask;
    private Task[] _loops = [];

    private OpenFile(ConnectionFactory factory, string companion, OpenedSchema schema, SqliteOptions options, TimeProvider time, ILogger logger)
    {
        _factory = factory;
        Options = options;
        Time = time;
        Logger = logger;
        Partitions = schema.Partitions;
        Reads = new ReadConnections(factory);
        _bell = new Bell(companion, time);
        Turn = new WriteTurn(time);
        _writer = new FileWriter(factory, Writes, Changes, _bell, Turn, time, logger);
        _presence = new ProcessPresence(schema.Process, companion, Writes, Reads);
        _watcher = new ChangeWatcher(factory, companion, Changes, logger);
    }

    public string Path => _factory.Path;

    public override string Name => _factory.Path;

    public override Dialect Dialect => SqliteDialect.Instance;

    public SqliteOptions Options { get; }

    public override TimeProvider Time { get; }

    public override ILogger Logger { get; }

    public override int Partitions { get; }

    public override string Process => _presence.Process;

    public override TimeSpan LeaseTime => Options.LeaseTime;

    // A file has one writer: while this process waits for it, nobody takes anything over.
    public override bool CanBeCutOff => false;

    // All who share a file are on one machine, with one clock.
    public override DateTimeOffset Now => Time.GetUtcNow();

    public WriteQueue Writes { get; } = new();

    /// <summary>Whose turn it is to write.</summary>
    public WriteTurn Turn { get; }

    public ReadConnections Reads { get; }

    /// <summary>Opens the file and brings its tables to the newest version.</summary>
    /// <exception cref="CarillonConfigurationException">The place or the tables cannot be used.</exception>
    public static async Task<OpenFile> OpenAsync(ConnectionFactory factory, string companion, SqliteOptions options, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        factory.BusyTimeout = options.BusyTimeout;
        var schema = await OpenedSchema.OpenAsync(factory, options, time, logger, cancellation);
        var file = Create(factory, companion, schema, options, time, logger);
        try
        {
            await file.StartAsync();
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another connection than the writer's may write: the writer gives way now and then.</summary>
    public void ExpectOtherWriters() => _writer.IsShared = true;

    public Microsoft.Data.Sqlite.SqliteConnection OpenConnection() => _factory.Open();

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.UnsafeStorage"/>: the file was deleted, moved or replaced.</exception>
    public void CheckInPlace() => _factory.CheckInPlace();

    /// <summary>A connection for a unit of work. Only who has the turn may ask, so one is enough.</summary>
    public PreparedConnection RentUnitOfWorkConnection()
    {
        _factory.CheckInPlace();
        return Interlocked.Exchange(ref _unitOfWorkConnection, null) ?? new PreparedConnection(_factory.Open());
    }

    /// <summary>Takes the connection of a unit of work back, or closes it when something went wrong with it.</summary>
    public void ReturnUnitOfWorkConnection(PreparedConnection connection, bool isSound)
    {
        if (!isSound || _stopping.IsCancellationRequested || Interlocked.CompareExchange(ref _unitOfWorkConnection, connection, null) is not null)
            connection.Dispose();
    }

    public override Task<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellation) =>
        Writes.WriteAsync(operation, cancellation);

    public override ValueTask<TResult> ReadAsync<TState, TResult>(
        TState state, Func<Session, TState, ValueTask<TResult>> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Reads.ReadAsync(state, read);
    }

    public override IReadOnlyCollection<string> RenewInstances(IReadOnlyCollection<string> instances)
    {
        using var connection = new PreparedConnection(_factory.Open());
        var statement = connection.Prepare(LeasingSql.KeepAlive).Set("expires", StoredTime.From(Now + LeaseTime));
        return [.. instances.Where(instance => statement.Set("instance", instance).Execute() > 0)];
    }

    // The file has one writer: what can be seen is all there is.
    public override ValueTask<long> FindSettledAsync(CancellationToken cancellation) => ValueTask.FromResult(long.MaxValue);

    public override WriteOperation<IReadOnlyList<SendFailure>?> Append(Log log, ReadOnlyMemory<Envelope> batch, AppendPatience patience) => new MessageAppend(batch, Partitions, log);

    public override void Committed(DatabaseChange changes, long bytes)
    {
        _writer.Count(bytes);
        Changes.Raise(changes);
        if (changes != DatabaseChange.None && _writer.HasOthers)
            _bell.Ring();
    }

    /// <summary>Also looks whether the file is still in its place: whoever has it open goes on reading what nobody else can find.</summary>
    public override IReadOnlyList<HealthFinding> CheckHealth()
    {
        if (!_factory.IsInPlace())
            return [new HealthFinding(HealthSeverity.Unhealthy, ConnectionFactory.Misplaced(Path))];
        return _writer.LogHold is { } hold
            ? [new HealthFinding(HealthSeverity.Degraded, $"{ErrorCodes.WriteAheadLogHeld}: {Path} cannot be tidied up: {hold}. Find the connection that reads for so long, and end its transaction.") { Since = hold.Since }, .. base.CheckHealth()]
            : base.CheckHealth();
    }

    public override async ValueTask DisposeAsync()
    {
        _writer.Hurry();
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        try
        {
            if (!_writing.IsCompleted)
                await _presence.LeaveAsync();
        }
        catch (Exception e)
        {
            Logger.WorkFailed(e, Path, "leaving");
        }

        Writes.Close();
        await _writing;
        _watcher.Dispose();
        Reads.Dispose();
        Interlocked.Exchange(ref _unitOfWorkConnection, null)?.Dispose();
        _presence.Dispose();
        _bell.Dispose();
        _stopping.Dispose();
    }

    private static OpenFile Create(ConnectionFactory factory, string companion, OpenedSchema schema, SqliteOptions options, TimeProvider time, ILogger logger)
    {
        try
        {
            Directory.CreateDirectory(companion);
            return new OpenFile(factory, companion, schema, options, time, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CarillonConfigurationException(ErrorCodes.UnsafeStorage,
                $"The folder {companion}, through which processes that share {factory.Path} tell each other what changed, cannot be used: {e.Message} Give the process the right to write there.", e);
        }
    }

    private async Task StartAsync()
    {
        // What the loops do belongs to no caller's trace.
        using (ExecutionContext.SuppressFlow())
            _writing = _writer.RunAsync();
        await _presence.RegisterAsync();
        var others = await _presence.RemoveDeadAsync();
        if (others > 0 && SqliteVersion.HasLogResetFault(SqliteVersion.Number))
            Logger.FaultySqlite(ErrorCodes.UnsafeStorage, SqliteVersion.Text(SqliteVersion.Number), Path);
        if (Partitions != Options.Partitions)
            Logger.PartitionsDiffer(Path, Partitions, Options.Partitions);
        var retention = new RetentionWorker(this, Options.InboxRetentionAge, limit => new RetentionChunk(Options.RetentionAge, Options.RetentionSizeBytes, limit), Logger);
        using (ExecutionContext.SuppressFlow())
        {
            _loops =
            [
                _watcher.RunAsync(Options.PollInterval, Time, _stopping.Token),
                RepeatAsync("looking for dead processes", Options.PollInterval, async () => await _presence.RemoveDeadAsync()),
                RepeatAsync("removing old messages", RetentionInterval, async () => await retention.RunAsync(_stopping.Token)),
            ];
        }
    }

    private async Task RepeatAsync(string what, TimeSpan interval, Func<Task> work)
    {
        await Task.Yield();
        var patience = new Patience(Time);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(interval, Time, _stopping.Token);
                await work();
                patience.Reset();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Logger.WorkFailed(e, Path, what);
                await patience.AfterFailureAsync(_stopping.Token);
            }
        }
    }
}
