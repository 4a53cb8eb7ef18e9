using Carillon.Tests.Settings;
using Microsoft.Extensions.Configuration;

namespace Carillon.PostgreSql.Tests;

public sealed class PostgreSqlSettingsTests
{
    [Fact]
    public void Read_ShouldReadEveryOption_WhenCodeCanSetIt() =>
        Assert.Empty(EverySetting.NotReadBy<PostgreSqlOptions>(static (options, settings) => PostgreSqlSettings.Read(settings, options)));

    [Theory]
    [InlineData("Partitions", "0")]
    [InlineData("Partitions", "65")]
    [InlineData("Schema", "shop; DROP TABLE orders")]
    [InlineData("Schema", "pg_shop")]
    [InlineData("Schema", "1st")]
    [InlineData("Schema", "größe")]
    [InlineData("Schema", "a23456789b23456789c23456789d23456789e23456789f23456789g")]
    [InlineData("CreateSchema", "yes")]
    [InlineData("RetentionAge", "30")]
    [InlineData("RetentionAge", "1s")]
    [InlineData("InboxRetentionAge", "0s")]
    [InlineData("LeaseTime", "0s")]
    [InlineData("PollInterval", "1ms")]
    [InlineData("CommandTimeout", "500ms")]
    [InlineData("LockTimeout", "1h")]
    [InlineData("Partition", "4")]
    public void Read_ShouldNameTheKey_WhenAValueIsNotAllowed(string key, string value)
    {
        var failure = Assert.Throws<CarillonConfigurationException>(() => Read((key, value)));

        Assert.Equal(ErrorCodes.InvalidConfiguration, failure.Code);
        Assert.Contains($"Carillon:PostgreSql:{key}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ShouldSetEveryOption_WhenValuesAreAllowed()
    {
        var options = Read(
            ("Partitions", "4"), ("Schema", "Shop_2"), ("CreateSchema", "false"), ("RetentionAge", "1d"), ("InboxRetentionAge", "2d"),
            ("LeaseTime", "3s"), ("PollInterval", "40ms"), ("CommandTimeout", "5s"), ("LockTimeout", "60ms"));

        var expected = new PostgreSqlOptions
        {
            Partitions = 4,
            Schema = "Shop_2",
            CreateSchema = false,
            RetentionAge = TimeSpan.FromDays(1),
            InboxRetentionAge = TimeSpan.FromDays(2),
            LeaseTime = TimeSpan.FromSeconds(3),
            PollInterval = TimeSpan.FromMilliseconds(40),
            CommandTimeout = TimeSpan.FromSeconds(5),
            LockTimeout = TimeSpan.FromMilliseconds(60),
        };
        Assert.Equal(expected, options);
        PostgreSqlSettings.Validate(options);
    }

    [Fact]
    public void Validate_ShouldNameTheKey_WhenCodeSetsAValueOutOfRange()
    {
        AssertRefused("LeaseTime", options => options.LeaseTime = TimeSpan.Zero);
        AssertRefused("Schema", options => options.Schema = "");
        AssertRefused("Schema", options => options.Schema = null!);
        AssertRefused("LockTimeout", options => options.LockTimeout = TimeSpan.FromMilliseconds(1));
    }

    private static void AssertRefused(string key, Action<PostgreSqlOptions> change)
    {
        var options = new PostgreSqlOptions();
        change(options);
        var failure = Assert.Throws<CarillonConfigurationException>(() => PostgreSqlSettings.Validate(options));
        Assert.Contains($"Carillon:PostgreSql:{key}", failure.Message, StringComparison.Ordinal);
    }

    private static PostgreSqlOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Carillon:PostgreSql:{setting.Key}", (string?)setting.Value))).Build();
        var reader = new SettingsReader(configuration.GetSection("Carillon:PostgreSql"));
        var options = new PostgreSqlOptions();
        PostgreSqlSettings.Read(reader, options);
        reader.RefuseUnknown();
        return options;
    }
}
