using Carillon.Diagnostics;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Relational;

/// <summary>A database that is in use by this process: how the algorithms read it, write to it, and hear of changes.</summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>The most partitions that a log can have.</summary>
    public const int PartitionsMax = 64;

    private RetentionHold? _retentionHold;

    protected Database() => (Reachability, Heartbeat) = (new Reachability(this), new LeaseHeartbeat(this));

    /// <summary>What people call it.</summary>
    public abstract string Name { get; }

    public abstract Dialect Dialect { get; }

    public abstract TimeProvider Time { get; }

    public abstract ILogger Logger { get; }

    /// <summary>How many partitions its logs have.</summary>
    public abstract int Partitions { get; }

    /// <summary>The name of this process, different at every start.</summary>
    public abstract string Process { get; }

    /// <summary>How long an instance keeps its partitions without being heard of.</summary>
    public abstract TimeSpan LeaseTime { get; }

    /// <summary>Whether this process can fail to reach the database while others reach it, and take over what it cannot renew.</summary>
    public abstract bool CanBeCutOff { get; }

    /// <summary>The time by the clock that all who share the database go by, as well as it is known here.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>Whether it can be reached.</summary>
    public Reachability Reachability { get; }

    /// <summary>Keeps the leases of this process alive while its loops do not come to it.</summary>
    public LeaseHeartbeat Heartbeat { get; }

    /// <summary>Who keeps old messages from being removed; null when nobody does.</summary>
    public RetentionHold? RetentionHold { get => Volatile.Read(ref _retentionHold); set => Volatile.Write(ref _retentionHold, value); }

    /// <summary>What this process and others have changed.</summary>
    public DatabaseChanges Changes { get; } = new();

    /// <summary>Writes and waits until it is durable. Once begun, its end is waited for.</summary>
    /// <exception cref="StorageFailedException">It was not written.</exception>
    public abstract Task<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellation);

    /// <summary>Runs a short read.</summary>
    public abstract ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<Session, TState, ValueTask<TResult>> read, CancellationToken cancellation);

    /// <summary>The same for what keeps leases: it waits for no other read.</summary>
    public virtual ValueTask<TResult> ReadForLeasesAsync<TState, TResult>(TState state, Func<Session, TState, ValueTask<TResult>> read, CancellationToken cancellation) =>
        ReadAsync(state, read, cancellation);

    /// <summary>
    /// Lets instances that take part and are alive live for one lease time more. The calling thread waits, and needs no other for it.
    /// </summary>
    /// <returns>Those that were renewed. One that somebody has locked at this moment may be left out.</returns>
    public abstract IReadOnlyCollection<string> RenewInstances(IReadOnlyCollection<string> instances);

    /// <summary>
    /// Finds the position of the transport's log, over all partitions, up to which everything is committed that ever will be.
    /// </summary>
    public abstract ValueTask<long> FindSettledAsync(CancellationToken cancellation);

    /// <summary>Makes the operation that appends a batch to a log, in its order. What is left out is returned with its reason.</summary>
    public abstract WriteOperation<IReadOnlyList<SendFailure>?> Append(Log log, ReadOnlyMemory<Envelope> batch, AppendPatience patience);

    /// <summary>A transaction beside the writer has committed: wakes who waits for what it changed.</summary>
    public abstract void Committed(DatabaseChange changes, long bytes);

    /// <summary>Whether an error says that the database cannot be reached; then it is noted as that, and there is nothing more to say.</summary>
    public bool IsOutage(Exception error)
    {
        if (Unwrap(error) is not { IsUnreachable: true } failure)
            return false;
        Reachability.Failed(failure);
        return true;
    }

    /// <summary>Says what is wrong with it; nothing while it works.</summary>
    public virtual IReadOnlyList<HealthFinding> CheckHealth()
    {
        var findings = new List<HealthFinding>();
        if (FailureFinding.Of(Reachability.Outage, $"{Name} cannot be reached", Time.GetUtcNow()) is { } outage)
            findings.Add(outage);
        if (Heartbeat.Check() is { } late)
            findings.Add(late);
        if (RetentionHold is { } hold)
            findings.Add(new HealthFinding(HealthSeverity.Degraded, $"{ErrorCodes.RetentionHeld}: {Name} cannot remove old messages: {new LogText(hold.ToString())}") { Since = hold.Since });
        return findings;
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>What an error of the database means; null when it is none.</summary>
    protected virtual StorageFailedException? Unwrap(Exception error) => error as StorageFailedException ?? error.InnerException as StorageFailedException;
}
