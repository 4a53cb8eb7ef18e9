using System.Data.Common;
using System.Security.Cryptography;
using Carillon.Durability;
using Carillon.Scheduling;

namespace Carillon.Sqlite;

/// <summary>One transaction on the file: it holds the write lock from its beginning to its end.</summary>
internal sealed class SqliteStoreTransaction(OpenFile file, Log log, PreparedConnection connection, Action<PreparedConnection, bool> giveBack) : IStoreTransaction
{
    private const int HashBytes = 16;
    private readonly WriteSession _session = Open(file, connection);
    private long _bytes;
    private bool _isSound = true;
    private bool _hasEnded;

    /// <inheritdoc/>
    public DbTransaction Transaction => connection.Transaction ?? throw new InvalidOperationException("The transaction has ended.");

    /// <inheritdoc/>
    public ValueTask<InboxClaim> ClaimAsync(string subscription, Envelope message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var hash = SHA256.HashData(message.Body.Span)[..HashBytes];
        var (source, id) = (message.Source ?? "", message.Id.ToString());
        return ValueTask.FromResult(Run(() =>
        {
            var isFirst = _session.Prepare(InboxSql.Claim)
                .Set("subscription", subscription).Set("source", source).Set("id", id).Set("hash", hash).Set("now", _session.StoredNow).Execute() > 0;
            if (isFirst)
                return InboxClaim.First;
            var isSame = _session.Prepare(InboxSql.IsSame)
                .Set("subscription", subscription).Set("source", source).Set("id", id).Set("hash", hash).Number() == 1;
            return isSame ? InboxClaim.Duplicate : InboxClaim.IdReused;
        }));
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(IReadOnlyList<Envelope> messages, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var append = new MessageAppend(messages.ToArray(), file.Partitions, log);
        var failures = Run(() => append.Run(_session));
        _bytes += append.Size;
        return failures is [var first, ..] ? throw first.Error : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ScheduleAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var addition = new ScheduleAddition(messages, log);
        Run(() => addition.Run(_session));
        _bytes += addition.Size;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> CancelScheduledAsync(string source, EventId id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Run(() => new ScheduleCancellation(source, id).Run(_session)));
    }

    /// <inheritdoc/>
    public void Committed() => file.Committed(_session.Changes, hasOthers: true, _bytes);

    /// <inheritdoc/>
    public ValueTask CommitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var hasOthers = false;
        Run(() =>
        {
            hasOthers = _session.Changes != FileChange.None && FileWriter.HasOtherProcesses(_session);
            connection.Commit();
            file.CheckInPlace();
            return true;
        }, atCommit: true);
        file.Committed(_session.Changes, hasOthers, _bytes);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_hasEnded)
            return ValueTask.CompletedTask;
        _hasEnded = true;
        try
        {
            connection.Rollback();
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or InvalidOperationException)
        {
            // The connection is beyond use: SQLite rolls back when it is closed.
            _isSound = false;
        }

        giveBack(connection, _isSound);
        return ValueTask.CompletedTask;
    }

    private static WriteSession Open(OpenFile file, PreparedConnection connection)
    {
        var session = new WriteSession(connection);
        session.Begin(file.Time.GetUtcNow());
        return session;
    }

    private T Run<T>(Func<T> work, bool atCommit = false)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or CarillonException { Code: ErrorCodes.UnsafeStorage })
        {
            _isSound = false;
            var failure = WriteFailedException.From(e, file.Path, atCommit);
            throw new PublishFailedException(failure.Code, failure.Reason, failure.IsOutcomeUnknown, failure);
        }
    }
}
