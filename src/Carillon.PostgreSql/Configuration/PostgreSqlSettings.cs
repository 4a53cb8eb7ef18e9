using Carillon.Diagnostics;
using static Carillon.PostgreSql.PostgreSqlOptionsRange;

namespace Carillon.PostgreSql;

/// <summary>Copies the host's settings into options, and checks options that were set in code.</summary>
internal static class PostgreSqlSettings
{
    public const string Section = "PostgreSql";

    public static void Read(SettingsReader reader, PostgreSqlOptions options)
    {
        reader.Number(nameof(options.Partitions), MinPartitions, MaxPartitions, value => options.Partitions = (int)value);
        reader.Text(nameof(options.SessionConnectionString), value => options.SessionConnectionString = value);
        reader.Number(nameof(options.ReservedConnections), MinReservedConnections, MaxReservedConnections, value => options.ReservedConnections = (int)value);
        reader.Duration(nameof(options.StartupPatience), MinStartupPatience, MaxStartupPatience, value => options.StartupPatience = value);
        reader.Text(nameof(options.Schema), value => options.Schema = SchemaName.Check(value));
        reader.Switch(nameof(options.CreateSchema), value => options.CreateSchema = value);
        reader.Duration(nameof(options.RetentionAge), MinRetentionAge, MaxRetentionAge, value => options.RetentionAge = value);
        reader.Duration(nameof(options.InboxRetentionAge), MinRetentionAge, MaxRetentionAge, value => options.InboxRetentionAge = value);
        reader.Duration(nameof(options.LeaseTime), MinLeaseTime, MaxLeaseTime, value => options.LeaseTime = value);
        reader.Duration(nameof(options.PollInterval), MinPollInterval, MaxPollInterval, value => options.PollInterval = value);
        reader.Duration(nameof(options.CommandTimeout), MinCommandTimeout, MaxCommandTimeout, value => options.CommandTimeout = value);
        reader.Duration(nameof(options.LockTimeout), MinLockTimeout, MaxLockTimeout, value => options.LockTimeout = value);
    }

    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public static void Validate(PostgreSqlOptions options)
    {
        SchemaName.Check(options.Schema);
        Check(nameof(options.ReservedConnections), options.ReservedConnections, MinReservedConnections, MaxReservedConnections);
        Check(nameof(options.StartupPatience), options.StartupPatience, MinStartupPatience, MaxStartupPatience);
        Check(nameof(options.Partitions), options.Partitions, MinPartitions, MaxPartitions);
        Check(nameof(options.RetentionAge), options.RetentionAge, MinRetentionAge, MaxRetentionAge);
        Check(nameof(options.InboxRetentionAge), options.InboxRetentionAge, MinRetentionAge, MaxRetentionAge);
        Check(nameof(options.LeaseTime), options.LeaseTime, MinLeaseTime, MaxLeaseTime);
        Check(nameof(options.PollInterval), options.PollInterval, MinPollInterval, MaxPollInterval);
        Check(nameof(options.CommandTimeout), options.CommandTimeout, MinCommandTimeout, MaxCommandTimeout);
        Check(nameof(options.LockTimeout), options.LockTimeout, MinLockTimeout, MaxLockTimeout);
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
