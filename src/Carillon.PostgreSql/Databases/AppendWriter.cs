using Carillon.Durability;
using Carillon.Relational;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Stores what the services of this process publish by itself: everything that waits goes to the server in one message, which locks, inserts
/// and commits. What meets a partition that is not free for more than a moment is left to <see cref="ContestedAppends"/>.
/// </summary>
internal sealed class AppendWriter(OpenDatabase database, WriteQueue queue, ContestedAppends contested) : GroupWriter(queue)
{
    protected override async Task<StorageFailedException?> TryWriteAsync(List<WriteOperation> group)
    {
        contested.TakeFrom(group);
        if (group.Count == 0)
            return null;
        var isSent = false;
        try
        {
            await using var connection = await database.Connections.OpenReservedAsync(CancellationToken.None);
            using var session = new PostgreSqlSession(connection, database.Texts);
            await using var command = new NpgsqlBatch(connection);
            foreach (var log in group.Cast<MessageAppend>().GroupBy(append => append.Log).OrderBy(log => log.Key.Number))
                await AddAsync(command, log.Key, log, session);
            isSent = command.BatchCommands.Count > 0;
            if (isSent)
                command.BatchCommands.Insert(0, TransactionLimits.LockTimeoutCommand(AppendOrder.Moment(database.Options)));
            Failpoint.Reach("postgresql.appending");
            if (isSent)
                await command.ExecuteNonQueryAsync();
            Failpoint.Reach("postgresql.appended");
        }
        catch (Exception e) when (AppendOrder.IsTaken(e))
        {
            contested.TakeAll(group);
            return null;
        }
        catch (Exception e)
        {
            return database.Explain(e, isSent);
        }

        foreach (var operation in group)
            operation.Complete();
        group.Clear();
        if (isSent)
            database.Committed(DatabaseChange.Messages, bytes: 0);
        return null;
    }

    protected override ValueTask CloseAsync()
    {
        contested.Close();
        return ValueTask.CompletedTask;
    }

    private async ValueTask AddAsync(NpgsqlBatch command, Log log, IEnumerable<MessageAppend> appends, PostgreSqlSession session)
    {
        var messages = new EnvelopeBatch(log);
        var free = contested.FindFree(log);
        foreach (var append in appends)
            await append.CollectAsync(messages, session, free);
        if (messages.Count == 0)
            return;
        command.BatchCommands.Add(AppendOrder.LockCommand(database.Texts.LockOf(log.Table), messages.Partitions));
        command.BatchCommands.Add(messages.ToCommand(database.Texts));
    }
}
