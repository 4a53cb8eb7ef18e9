using Carillon.Tests.Settings;
using Microsoft.Extensions.Configuration;

namespace Carillon.Sqlite.Tests;

public sealed class SqliteSettingsTests
{
    [Fact]
    public void Read_ShouldReadEveryOption_WhenCodeCanSetIt() =>
        Assert.Empty(EverySetting.NotReadBy<SqliteOptions>(static (options, settings) => SqliteSettings.Read(settings, options)));

    [Theory]
    [InlineData("Partitions", "0")]
    [InlineData("Partitions", "65")]
    [InlineData("RetentionAge", "30")]
    [InlineData("RetentionAge", "1s")]
    [InlineData("RetentionSizeBytes", "-1")]
    [InlineData("LeaseTime", "0s")]
    [InlineData("PollInterval", "1ms")]
    [InlineData("BusyTimeout", "1h")]
    [InlineData("StartupPatience", "2h")]
    [InlineData("Partition", "4")]
    public void Read_ShouldNameTheKey_WhenAValueIsNotAllowed(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"Carillon:Sqlite:{key}", (string?)value)]).Build();
        var reader = new SettingsReader(configuration.GetSection("Carillon:Sqlite"));

        var failure = Assert.Throws<CarillonConfigurationException>(() =>
        {
            SqliteSettings.Read(reader, new SqliteOptions());
            reader.RefuseUnknown();
        });

        Assert.Equal(ErrorCodes.InvalidConfiguration, failure.Code);
        Assert.Contains($"Carillon:Sqlite:{key}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ShouldNameTheKey_WhenCodeSetsAValueOutOfRange()
    {
        var failure = Assert.Throws<CarillonConfigurationException>(() => SqliteSettings.Validate(new SqliteOptions { LeaseTime = TimeSpan.Zero }));
        Assert.Contains("LeaseTime", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 5, true)]
    [InlineData(4, 5, false)]
    public void Validate_ShouldRefuse_WhenLeasesAreShorterThanWaitingForTheWriteLock(int lease, int busy, bool isAllowed)
    {
        var options = new SqliteOptions { LeaseTime = TimeSpan.FromSeconds(lease), BusyTimeout = TimeSpan.FromSeconds(busy) };

        var failure = Record.Exception(() => SqliteSettings.Validate(options));

        if (isAllowed)
            Assert.Null(failure);
        else
            Assert.Contains("LeaseTime", Assert.IsType<CarillonConfigurationException>(failure).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ShouldRefuse_WhenServicesWantDifferentThingsOfOneFile()
    {
        await using var files = new SqliteFiles();
        files.Start(SqliteLocation.Parse("Data Source=shop.db"), new SqliteOptions());
        Assert.Same(files.Start(SqliteLocation.Parse("Data Source=./shop.db"), new SqliteOptions()), files.Get(SqliteLocation.Parse("Data Source=shop.db"), new SqliteOptions()));
        var failure = Assert.Throws<CarillonConfigurationException>(() => files.Start(SqliteLocation.Parse("Data Source=shop.db"), new SqliteOptions { Partitions = 3 }));
        Assert.Equal(ErrorCodes.InvalidConfiguration, failure.Code);
    }
}
