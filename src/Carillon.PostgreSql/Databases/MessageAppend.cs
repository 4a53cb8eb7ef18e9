using Carillon.Relational;
using Carillon.Transports;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Appends a batch to a log, in its order. Commands that nobody handles are left out of the transport's log and reported, and so is what no
/// server can hold.
/// </summary>
internal sealed class MessageAppend(OpenDatabase database, Log log, ReadOnlyMemory<Envelope> batch, AppendPatience patience)
    : WriteOperation<IReadOnlyList<SendFailure>?>
{
    public override long Size { get; } = BatchSize.Of(batch.Span);

    public override bool NeedsTime => false;

    public Log Log => log;

    /// <summary>The partitions that it must go to; what has no key goes to any.</summary>
    public PartitionSet Keyed
    {
        get
        {
            var keyed = PartitionSet.None;
            foreach (var envelope in batch.Span)
                keyed = envelope.Key is { } key ? keyed.With(Partitions.Of(key, database.Partitions)) : keyed;
            return keyed;
        }
    }

    /// <summary>Appends inside a transaction that others began; its commit should follow at once.</summary>
    public override async ValueTask<IReadOnlyList<SendFailure>?> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var (insert, failures) = await PrepareAsync((PostgreSqlWriteSession)session, isCommitted: false, cancellation);
        await using (insert)
        {
            if (insert.BatchCommands.Count > 0)
                await insert.RunAsync(cancellation);
        }

        return failures;
    }

    /// <summary>Makes ready what appends, as a batch that is still to be executed, so that the commit can go to the server together with it.</summary>
    /// <param name="own">The session.</param>
    /// <param name="isCommitted">Whether the commit goes with it, so that there is no pause between the two which the server would have to end.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The batch, empty when nothing is to be appended, and what is left out.</returns>
    public async ValueTask<(NpgsqlBatch Insert, IReadOnlyList<SendFailure>? Failures)> PrepareAsync(
        PostgreSqlWriteSession own, bool isCommitted, CancellationToken cancellation)
    {
        var scope = database.Texts.LockOf(log.Table);
        var order = new AppendOrder(own.Connection, scope);
        var free = patience == AppendPatience.None ? await TakeFreeAsync(order, cancellation) : (PartitionSet?)null;
        var into = new EnvelopeBatch(log);
        var failures = await CollectAsync(into, own, free, cancellation);
        var insert = new NpgsqlBatch(own.Connection);
        if (into.Count == 0)
            return (insert, failures);
        TimeSpan? longestPause = own.Ownership == TransactionOwnership.None ? null : database.Options.LeaseTime;
        if (free is null && into.Partitions.Count > 1)
        {
            await order.TakeAllAsync(into.Partitions, longestPause, cancellation);
        }
        else if (free is null)
        {
            if (longestPause is { } longest && !isCommitted)
                insert.BatchCommands.Add(new(TransactionLimits.IdleTimeout(longest)));
            insert.BatchCommands.Add(AppendOrder.LockCommand(scope, into.Partitions));
        }

        insert.BatchCommands.Add(into.ToCommand(database.Texts));
        own.Changed(DatabaseChange.Messages);
        return (insert, failures);
    }

    /// <summary>Makes ready what appends a single message that needs nothing but its partition: most units of work publish one.</summary>
    /// <returns>The batch; null when there are several messages, or something must be found out first.</returns>
    public NpgsqlBatch? PrepareOnly(PostgreSqlWriteSession own)
    {
        if (batch.Length != 1 || patience == AppendPatience.None || batch.Span[0] is not { Kind: not MessageKind.Command } only || StorableText.FindFault(only) is not null)
            return null;
        var partition = FindPartition(only.Key, free: null)!.Value;
        own.Changed(DatabaseChange.Messages);
        return new NpgsqlBatch(own.Connection)
        {
            BatchCommands =
            {
                AppendOrder.LockCommand(database.Texts.LockOf(log.Table), PartitionSet.None.With(partition)),
                SingleInsert.Create(database.Texts, log, new(partition, only)),
            },
        };
    }

    /// <summary>Adds what can be stored, and notes the rest as this operation's result.</summary>
    /// <param name="into">The batch.</param>
    /// <param name="session">A session of the same server.</param>
    /// <param name="free">Where messages without a key can go to; null when anywhere.</param>
    public async ValueTask CollectAsync(EnvelopeBatch into, Session session, PartitionSet? free) =>
        SetResult(await CollectAsync(into, session, free, CancellationToken.None));

    private async ValueTask<IReadOnlyList<SendFailure>?> CollectAsync(EnvelopeBatch into, Session session, PartitionSet? free, CancellationToken cancellation)
    {
        List<SendFailure>? failures = null;
        for (var i = 0; i < batch.Length; i++)
        {
            var envelope = batch.Span[i];
            if (await MessageRefusal.FindAsync(session, log, envelope, cancellation) is { } error)
                (failures ??= []).Add(new SendFailure(i, error));
            else if (FindPartition(envelope.Key, free) is { } partition)
                into.Add(envelope, partition);
            else
                (failures ??= []).Add(new SendFailure(i, Taken()));
        }

        return failures;
    }

    private static PublishFailedException Taken() => new(ErrorCodes.StorageBusy,
        "Another transaction appends to the message's partition and has not committed for a while. Find the one that stays open in pg_stat_activity.")
    {
        IsTransient = true,
    };

    private int? FindPartition(string? key, PartitionSet? free)
    {
        if (key is not null)
            return Partitions.Of(key, database.Partitions) is var partition && free?.Contains(partition) != false ? partition : null;
        if (free is not { } some)
            return WriteSession.NextTurn() % database.Partitions;
        return some.IsEmpty ? null : some.AtTurn(WriteSession.NextTurn());
    }

    private ValueTask<PartitionSet> TakeFreeAsync(AppendOrder order, CancellationToken cancellation)
    {
        var turn = WriteSession.NextTurn();
        var wanted = Keyed;
        foreach (var envelope in batch.Span)
            wanted = envelope.Key is null ? wanted.With(WriteSession.NextTurn() % database.Partitions) : wanted;
        return order.TakeFreeAsync(wanted, PartitionSet.None.With(wanted.AtTurn(turn)), database.Options, cancellation);
    }
}
