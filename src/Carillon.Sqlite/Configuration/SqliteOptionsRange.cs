namespace Carillon.Sqlite;

/// <summary>What the options may be, for settings and code alike.</summary>
internal static class SqliteOptionsRange
{
    public const int MinPartitions = 1;
    public const int MaxPartitions = 64;
    public const long MinRetentionSizeBytes = 1L << 20;
    public const long MaxRetentionSizeBytes = 1L << 40;
    public static readonly TimeSpan MinRetentionAge = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan MaxRetentionAge = TimeSpan.FromDays(3650);
    public static readonly TimeSpan MinLeaseTime = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MaxLeaseTime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan MinPollInterval = TimeSpan.FromMilliseconds(20);
    public static readonly TimeSpan MaxPollInterval = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan MinBusyTimeout = TimeSpan.FromMilliseconds(10);
    public static readonly TimeSpan MaxBusyTimeout = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan MinStartupPatience = TimeSpan.Zero;
    public static readonly TimeSpan MaxStartupPatience = TimeSpan.FromHours(1);
}
