namespace Carillon.PostgreSql;

/// <summary>The clock of the database, which all instances share.</summary>
internal static class DatabaseTime
{
    /// <summary>The time of this moment, also late in a transaction, in units of 100 nanoseconds since 1970, UTC.</summary>
    public const string Now = "(extract(epoch FROM clock_timestamp()) * 10000000)::bigint";
}
