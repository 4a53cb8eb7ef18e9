using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>What the errors mean that the server itself reports.</summary>
internal static class ServerFailure
{
    // The driver has no name for it.
    private const string IdleInTransactionSessionTimeout = "25P03";
    private const string Connection = "08";
    private const string Authorization = "28";
    private const string Conflict = "40";

    public static FailureCause Of(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => Broken("the server ended the connection, because it stops or because somebody told it to"),
        PostgresErrorCodes.CannotConnectNow => Broken("the server is starting or stopping"),
        PostgresErrorCodes.TooManyConnections => new(ErrorCodes.ConnectionsExhausted,
            "the server has no connection left. Raise its max_connections, or lower \"Maximum Pool Size\" in the connection strings of its clients", true, true),
        PostgresErrorCodes.DiskFull => Unusable("the server's disk is full. Make room: writing goes on by itself"),
        PostgresErrorCodes.OutOfMemory => Unusable("the server is out of memory"),
        PostgresErrorCodes.ReadOnlySqlTransaction => new(ErrorCodes.NotPrimary,
            "the server only lets read: it is a standby, or default_transaction_read_only is on. Connect to the primary", false, true),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName => new(ErrorCodes.SchemaMissing,
            $"{error.MessageText}. The tables are missing or older than this version of Carillon: start the host again, which creates or explains them", false, true),
        PostgresErrorCodes.InsufficientPrivilege => new(ErrorCodes.StorageFailed,
            $"{error.MessageText}. Grant the role that right; tables can also be created by somebody else with the script of PostgreSqlSchema.Script", false, true),
        PostgresErrorCodes.InvalidCatalogName => new(ErrorCodes.InvalidConfiguration, $"{error.MessageText}. Create the database, or correct the connection string", false, true),
        PostgresErrorCodes.LockNotAvailable => Busy("another transaction has held a lock for too long. Find the transaction that stays open in pg_stat_activity"),
        PostgresErrorCodes.QueryCanceled => Busy("a statement took longer than it may, or somebody cancelled it"),
        IdleInTransactionSessionTimeout => Busy("the transaction was left open without work for too long, so the server ended it"),
        PostgresErrorCodes.StatementCompletionUnknown => Broken("the server does not know whether it committed"),
        PostgresErrorCodes.InFailedSqlTransaction => new(ErrorCodes.StorageFailed,
            "an earlier statement of the transaction failed, so nothing of it can be committed. Do not go on after an error of the database", false, false),
        PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter => new(ErrorCodes.InvalidPublishOptions,
            $"{error.MessageText}. Texts cannot hold the character U+0000, and the database must use UTF-8", false, false),
        PostgresErrorCodes.ProgramLimitExceeded => new(ErrorCodes.MessageTooLarge, $"{error.MessageText}. A value is larger than a row or an index can hold", false, false),
        _ => OfClass(error),
    };

    private static FailureCause OfClass(PostgresException error) => error.SqlState[..2] switch
    {
        Connection => Broken($"{error.MessageText}"),
        Authorization => new(ErrorCodes.InvalidConfiguration, $"{error.MessageText}. Correct the user or the password in the connection string", false, true),
        Conflict => Busy("the transaction was in conflict with another one, which won. It can be done again"),
        _ => new(ErrorCodes.StorageFailed, $"{error.MessageText} (SQLSTATE {error.SqlState})", error.IsTransient, false),
    };

    private static FailureCause Broken(string what) => new(ErrorCodes.StorageFailed, what, IsTransient: true, ConcernsAll: true, BreaksConnection: true);

    private static FailureCause Unusable(string what) => new(ErrorCodes.StorageFailed, what, IsTransient: true, ConcernsAll: true);

    private static FailureCause Busy(string what) => new(ErrorCodes.StorageBusy, what, IsTransient: true, ConcernsAll: false);
}
