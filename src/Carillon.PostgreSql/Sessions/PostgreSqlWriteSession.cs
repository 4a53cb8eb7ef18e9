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

    public override Dialect Dialect => PostgreSqlDialect.Instance;

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>What of the transaction is Carillon's own.</summary>
    public TransactionOwnership Ownership { get; private set; }

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

    /// <summary>Asks what time it is, and limits the transaction as far as it is Carillon's own.</summary>
    public async ValueTask BeginAsync(TransactionOwnership ownership, CancellationToken cancellation)
    {
        Ownership = ownership;
        await using var command = new NpgsqlCommand($"{TransactionLimits.Of(ownership, options)}SELECT {DatabaseTime.Now}", connection);
        var now = StoredTime.To((long)(await command.AskAsync(cancellation))!);
        Begin(now, clock.Measure(now));
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
