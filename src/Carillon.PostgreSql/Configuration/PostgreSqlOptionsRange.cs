namespace Carillon.PostgreSql;

/// <summary>What the options may be, for settings and code alike.</summary>
internal static class PostgreSqlOptionsRange
{
    public const int MinPartitions = 1;
    public const int MaxPartitions = 64;
    public const int MinReservedConnections = 5;
    public const int MaxReservedConnections = 100;
    public static readonly TimeSpan MinStartupPatience = TimeSpan.Zero;
    public static readonly TimeSpan MaxStartupPatience = TimeSpan.FromHours(1);
    public static readonly TimeSpan MinRetentionAge = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan MaxRetentionAge = TimeSpan.FromDays(3650);
    public static readonly TimeSpan MinLeaseTime = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MaxLeaseTime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan MinPollInterval = TimeSpan.FromMilliseconds(20);
    public static readonly TimeSpan MaxPollInterval = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan MinCommandTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MaxCommandTimeout = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan MinLockTimeout = TimeSpan.FromMilliseconds(10);
    public static readonly TimeSpan MaxLockTimeout = TimeSpan.FromMinutes(5);
}
