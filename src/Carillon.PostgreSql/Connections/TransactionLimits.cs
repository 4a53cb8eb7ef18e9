using System.Globalization;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Statements that limit the transaction they are part of, and nothing after it: what is set for a session is gone when its connection
/// returns to the pool, and behind a pooler it may reach somebody else.
/// </summary>
internal static class TransactionLimits
{
    /// <summary>
    /// The statements with which a transaction begins, each ending with a semicolon. One of the user keeps the user's own settings. One that never pauses by itself
    /// is ended when its process is paused or cut off, because others wait for what it has locked.
    /// </summary>
    public static string Of(TransactionOwnership ownership, PostgreSqlOptions options) => ownership switch
    {
        TransactionOwnership.None => "",
        TransactionOwnership.Work => $"{LockTimeout(options)}; {IdleTimeout(options.LeaseTime)}; ",
        _ => $"{LockTimeout(options)}; {TransactionMark.SetLocal}; ",
    };

    /// <summary>No statement waits longer for a lock.</summary>
    public static string LockTimeout(PostgreSqlOptions options) => LockTimeout(options.LockTimeout);

    /// <summary>No statement waits longer for a lock.</summary>
    public static string LockTimeout(TimeSpan longest) => Set("lock_timeout", longest);

    /// <summary>The same for a transaction in which the user works, which is marked as Carillon's own.</summary>
    public static NpgsqlBatchCommand MarkedCommand(TimeSpan longest) => new($"SELECT set_config('lock_timeout', $1, true), {TransactionMark.Set}")
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = Milliseconds(longest) } },
    };

    /// <summary>The same for a batch that is a transaction by itself, where <c>SET LOCAL</c> would warn that there is none.</summary>
    public static NpgsqlBatchCommand LockTimeoutCommand(TimeSpan longest) => new("SELECT set_config('lock_timeout', $1, true)")
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = Milliseconds(longest) } },
    };

    /// <summary>A client that dies without saying so keeps its locks no longer than this between two statements.</summary>
    public static string IdleTimeout(TimeSpan longest) => Set("idle_in_transaction_session_timeout", longest);

    private static string Set(string setting, TimeSpan value) => $"SET LOCAL {setting} = {Milliseconds(value)}";

    private static string Milliseconds(TimeSpan value) => ((long)Math.Ceiling(value.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
}
