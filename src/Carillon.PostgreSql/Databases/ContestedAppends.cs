using System.Data;
using Carillon.Relational;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// What is published to partitions that somebody else keeps for longer than a moment, such as a transaction of a user that stays open. It is
/// tried over and over with the partitions that are free, so that nothing waits but what must; what goes to one partition keeps its order.
/// </summary>
internal sealed class ContestedAppends(OpenDatabase database)
{
    private const int FruitlessMax = 8;
    private readonly Lock _lock = new();
    private readonly List<ContestedAppend> _waiting = [];
    private readonly Dictionary<Log, PartitionSet> _waitedFor = [];
    private readonly Signal _arrived = new();
    private PartitionSet _missing;
    private int _turn;
    private int _fruitless;
    private bool _isClosed;

    /// <summary>Takes the operations that must go behind others which wait here already.</summary>
    public void TakeFrom(List<WriteOperation> group)
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
                group.RemoveAll(operation => operation is MessageAppend append && append.Keyed.Overlaps(WaitedFor(append.Log)) && Add(append));
        }
    }

    /// <summary>Takes all of them, in their order.</summary>
    public void TakeAll(List<WriteOperation> group)
    {
        lock (_lock)
            group.RemoveAll(operation => operation is MessageAppend append && Add(append));
        _arrived.Raise();
    }

    /// <summary>Where what has no key can go to without waiting; null when anywhere.</summary>
    public PartitionSet? FindFree(Log log)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
                return null;
            var free = PartitionSet.Of(Enumerable.Range(0, database.Partitions)).Without(WaitedFor(log));
            return free.IsEmpty ? null : free;
        }
    }

    /// <summary>Takes nothing more; what waits is still tried.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
        _arrived.Raise();
    }

    /// <summary>Works until it is closed and nothing waits.</summary>
    public async Task RunAsync()
    {
        await Task.Yield();
        while (true)
        {
            var seen = _arrived.Version;
            var (candidates, isClosed) = TakeTurn();
            if (candidates.Length > 0)
                await TryAsync(candidates);
            else if (isClosed)
                return;
            else
                await _arrived.WaitAsync(seen, CancellationToken.None);
        }
    }

    /// <summary>Those that can be stored with the partitions that were taken, none of them before an earlier one of the same partition.</summary>
    private static List<ContestedAppend> Choose(IReadOnlyCollection<ContestedAppend> waiting, PartitionSet taken)
    {
        var chosen = new List<ContestedAppend>();
        var behind = PartitionSet.None;
        foreach (var each in waiting)
        {
            if (each.Keyed.IsWithin(taken) && !each.Keyed.Overlaps(behind))
                chosen.Add(each);
            else
                behind = behind.With(each.Keyed);
        }

        // One that no database takes must not take others with it.
        return waiting.Any(static each => each.Failures > 0) ? chosen[..Math.Min(chosen.Count, 1)] : chosen;
    }

    private StorageFailedException Taken => new(ErrorCodes.StorageBusy,
        $"{database.Name}: another transaction has held a lock for too long. Find the transaction that stays open in pg_stat_activity.", new TimeoutException())
    {
        IsTransient = true,
    };

    private bool Add(MessageAppend append)
    {
        var contested = new ContestedAppend(append, database.Time.GetTimestamp());
        _waiting.Add(contested);
        _waitedFor[append.Log] = WaitedFor(append.Log).With(contested.Keyed);
        return true;
    }

    private PartitionSet WaitedFor(Log log) => _waitedFor.GetValueOrDefault(log);

    /// <summary>The operations of one log, that of another one with the next turn.</summary>
    private (ContestedAppend[] Candidates, bool IsClosed) TakeTurn()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
                return ([], _isClosed);
            var log = _waiting[_turn++ % _waiting.Count].Append.Log;
            return ([.. _waiting.Where(each => each.Append.Log == log)], _isClosed);
        }
    }

    private async Task TryAsync(ContestedAppend[] candidates)
    {
        List<ContestedAppend> chosen = [.. candidates];
        var isCommitting = false;
        try
        {
            await using var connection = await database.Connections.OpenReservedAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            using var session = database.OpenSession(connection, TransactionOwnership.Work);
            await session.AskTimeAsync(CancellationToken.None);
            var free = await TakeFreeAsync(connection, candidates);
            chosen = Choose(candidates, free);
            _fruitless = chosen.Count > 0 || _fruitless >= FruitlessMax ? 0 : _fruitless + 1;
            await InsertAsync(session, chosen, free);
            isCommitting = true;
            await CheckedCommit.RunAsync(connection, CancellationToken.None);
        }
        catch (Exception e) when (AppendOrder.IsTaken(e))
        {
            // Somebody holds more than a partition, such as the whole table.
            Expire(candidates);
            return;
        }
        catch (Exception e)
        {
            Failed(chosen, database.Explain(e, isCommitting));
            Expire(candidates.Except(chosen));
            return;
        }

        End(chosen, static append => append.Complete());
        if (chosen.Count > 0)
            database.Committed(DatabaseChange.Messages, bytes: 0);
        Expire(candidates.Except(chosen));
    }

    private async ValueTask<PartitionSet> TakeFreeAsync(NpgsqlConnection connection, ContestedAppend[] candidates)
    {
        var wanted = candidates.Aggregate(PartitionSet.None, (partitions, each) => partitions.With(each.Keyed));
        if (wanted.IsEmpty)
            wanted = wanted.With(_turn % database.Partitions);
        var awaited = wanted.Overlaps(_missing) ? wanted.Without(wanted.Without(_missing)) : wanted;
        // Where many append, all that one of them needs may never be free at once: now and then it waits for them as everybody does.
        if (_fruitless < FruitlessMax)
            awaited = PartitionSet.None.With(awaited.AtTurn(_turn));
        var free = await new AppendOrder(connection, database.Texts.LockOf(candidates[0].Append.Log.Table))
            .TakeFreeAsync(wanted, awaited, database.Options, CancellationToken.None);
        _missing = wanted.Without(free);
        return free;
    }

    private async Task InsertAsync(PostgreSqlWriteSession session, List<ContestedAppend> chosen, PartitionSet free)
    {
        if (chosen.Count == 0)
            return;
        var messages = new EnvelopeBatch(chosen[0].Append.Log);
        foreach (var each in chosen)
            await each.Append.CollectAsync(messages, session, free);
        if (messages.Count == 0)
            return;
        await using var insert = new NpgsqlBatch(session.Connection) { BatchCommands = { messages.ToCommand(database.Texts) } };
        await insert.ExecuteNonQueryAsync();
    }

    private void Failed(List<ContestedAppend> chosen, StorageFailedException failure)
    {
        if (failure.IsOutcomeUnknown || failure.ConcernsAll || (chosen.Count == 1 && !failure.IsTransient))
        {
            End(chosen, append => append.Fail(failure.ForCaller));
            return;
        }

        foreach (var each in chosen)
            each.Failed();
        End(chosen.Where(each => each.Failures >= GroupWriter.AttemptsMax), append => append.Fail(failure.ForCaller));
    }

    private void Expire(IEnumerable<ContestedAppend> waiting)
    {
        var patience = database.Options.LockTimeout * GroupWriter.AttemptsMax;
        End(waiting.Where(each => database.Time.GetElapsedTime(each.Since) >= patience), append => append.Fail(Taken));
    }

    private void End(IEnumerable<ContestedAppend> ended, Action<MessageAppend> end)
    {
        var all = ended.ToHashSet();
        if (all.Count == 0)
            return;
        lock (_lock)
        {
            _waiting.RemoveAll(all.Contains);
            _waitedFor.Clear();
            foreach (var each in _waiting)
                _waitedFor[each.Append.Log] = WaitedFor(each.Append.Log).With(each.Keyed);
        }

        foreach (var each in all)
            end(each.Append);
    }
}
