using Carillon.Diagnostics;
using static Carillon.Sqlite.SqliteOptionsRange;

namespace Carillon.Sqlite;

/// <summary>Copies the host's settings into options, and checks options that were set in code.</summary>
internal static class SqliteSettings
{
    public const string Section = "Sqlite";

    public static void Read(SettingsReader reader, SqliteOptions options)
    {
        reader.Number(nameof(options.Partitions), MinPartitions, MaxPartitions, value => options.Partitions = (int)value);
        reader.Number(nameof(options.RetentionSizeBytes), MinRetentionSizeBytes, MaxRetentionSizeBytes, value => options.RetentionSizeBytes = value);
        reader.Duration(nameof(options.RetentionAge), MinRetentionAge, MaxRetentionAge, value => options.RetentionAge = value);
        reader.Duration(nameof(options.InboxRetentionAge), MinRetentionAge, MaxRetentionAge, value => options.InboxRetentionAge = value);
        reader.Duration(nameof(options.LeaseTime), MinLeaseTime, MaxLeaseTime, value => options.LeaseTime = value);
        reader.Duration(nameof(options.PollInterval), MinPollInterval, MaxPollInterval, value => options.PollInterval = value);
        reader.Duration(nameof(options.BusyTimeout), MinBusyTimeout, MaxBusyTimeout, value => options.BusyTimeout = value);
        reader.Duration(nameof(options.StartupPatience), MinStartupPatience, MaxStartupPatience, value => options.StartupPatience = value);
    }

    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public static void Validate(SqliteOptions options)
    {
        Check(nameof(options.Partitions), options.Partitions, MinPartitions, MaxPartitions);
        Check(nameof(options.RetentionSizeBytes), options.RetentionSizeBytes, MinRetentionSizeBytes, MaxRetentionSizeBytes);
        Check(nameof(options.RetentionAge), options.RetentionAge, MinRetentionAge, MaxRetentionAge);
        Check(nameof(options.InboxRetentionAge), options.InboxRetentionAge, MinRetentionAge, MaxRetentionAge);
        Check(nameof(options.LeaseTime), options.LeaseTime, MinLeaseTime, MaxLeaseTime);
        Check(nameof(options.PollInterval), options.PollInterval, MinPollInterval, MaxPollInterval);
        Check(nameof(options.BusyTimeout), options.BusyTimeout, MinBusyTimeout, MaxBusyTimeout);
        Check(nameof(options.StartupPatience), options.StartupPatience, MinStartupPatience, MaxStartupPatience);
        if (options.BusyTimeout > options.LeaseTime)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"Carillon:{Section}:{nameof(options.BusyTimeout)} is {DurationText.Exact(options.BusyTimeout)}, but {nameof(options.LeaseTime)} is {DurationText.Exact(options.LeaseTime)}: leases would end while their renewal still waits for the write lock. Make the first at most as long as the second.");
        }
    }

    private static void Check<T>(string key, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"Carillon:{Section}:{key} is {DurationText.OfSetting(value)}, but must be from {DurationText.OfSetting(min)} to {DurationText.OfSetting(max)}.");
        }
    }
}
