using System.Globalization;

namespace Carillon.PostgreSql;

/// <summary>
/// Statements that limit the transaction they are part of, and nothing after it: what is set for a session is gone when its connection
/// returns to the pool, and behind a pooler it may reach somebody else.
/// </summary>
internal static class TransactionLimits
{
    /// <summary>No statement waits longer for a lock.</summary>
    public static string LockTimeout(PostgreSqlOptions options) => LockTimeout(options.LockTimeout);

    /// <summary>No statement waits longer for a lock.</summary>
    public static string LockTimeout(TimeSpan longest) => Set("lock_timeout", longest);

    /// <summary>A client that dies without saying so keeps its locks no longer than this between two statements.</summary>
    public static string IdleTimeout(TimeSpan longest) => Set("idle_in_transaction_session_timeout", longest);

    private static string Set(string setting, TimeSpan value) =>
        string.Create(CultureInfo.InvariantCulture, $"SET LOCAL {setting} = {(long)Math.Ceiling(value.TotalMilliseconds)}");
}
