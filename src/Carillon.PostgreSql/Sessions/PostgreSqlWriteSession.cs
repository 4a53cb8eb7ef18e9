using Carillon.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>A session inside a transaction, which goes by the clock of the server.</summary>
internal sealed class PostgreSqlWriteSession(NpgsqlConnection connection, SqlTexts texts, PostgreSqlOptions options, ServerClock clock) : WriteSession, IDisposable
{
    private const string Lock = "SELECT pg_advisory_xact_lock(@scope, hashtext(@name))";
    private const string TryLock = "SELECT pg_try_advisory_xact_lock(@scope, hashtext(@name))";
    private readonly PostgreSqlSession _session = new(connection, texts);
    private bool _isLimited;
    private bool _knowsTime;

    public override Dialect Dialect => PostgreSqlDialect.Instance;

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>The statements of the schema.</summary>
    public SqlTexts Texts => texts;

    /// <summary>What of the transaction is Carillon's own.</summary>
    public required TransactionOwnership Ownership { get; init; }

    public override PostgreSqlStatement Prepare(string sql) => _session.Prepare(sql);

    public override async ValueTask LockAsync(LockScope scope, string name, CancellationToken cancellation)
    {
        await using var command = ToCommand(Lock, scope, name);
        await command.RunAsync(cancellation);
    }

    /// <summary>The same where no other transaction works on the thing, and otherwise nothing: it waits for nobody.</summary>
    /// <returns>Whether others are kept from it now.</returns>
    public async ValueTask<bool> TryLockAsync(LockScope scope, string name, CancellationToken cancellation)
    {
        await using var command = ToCommand(TryLock, scope, name);
        return (bool)(await command.AskAsync(cancellation))!;
    }

    /// <summary>Limits a transaction of Carillon's own in which somebody else works from now on.</summary>
    public async ValueTask LimitAsync(CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (TryLimit(batch))
            await batch.RunAsync(cancellation);
    }

    /// <summary>Adds what limits the transaction, as far as it is Carillon's own, to the first statements in it.</summary>
    /// <returns>Whether there was something to add.</returns>
    public bool TryLimit(NpgsqlBatch batch)
    {
        if (_isLimited || Ownership == TransactionOwnership.None)
            return false;
        batch.BatchCommands.Add(TransactionLimits.MarkedCommand(options.LockTimeout));
        return _isLimited = true;
    }

    /// <summary>Asks what time it is, once, and limits the transaction as far as it is Carillon's own and not limited yet.</summary>
    public override async ValueTask AskTimeAsync(CancellationToken cancellation)
    {
        if (_knowsTime)
            return;
        var limits = _isLimited ? "" : TransactionLimits.Of(Ownership, options);
        await using var command = new NpgsqlCommand($"{limits}SELECT {DatabaseTime.Now}", connection);
        var now = StoredTime.To((long)(await command.AskAsync(cancellation))!);
        Begin(now, clock.Measure(now));
        _isLimited = _knowsTime = true;
    }

    public void Dispose() => _session.Dispose();

    private NpgsqlCommand ToCommand(string sql, LockScope scope, string name)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("scope", NpgsqlDbType.Integer, AdvisoryLocks.Scope(texts.Schema, scope));
        command.Parameters.AddWithValue("name", NpgsqlDbType.Text, name);
        return command;
    }
}
