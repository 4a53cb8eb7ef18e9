using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>Whatever is wrong with a connection string, the password in it is not repeated anywhere.</summary>
public sealed class ConnectionTextTests
{
    private const string Secret = "s3cr3t-Pa55";

    public static TheoryData<string> Malformed { get; } =
    [
        $"postgresql://shop:{Secret}@db:5432/shop",
        $"postgres://shop:{Secret}@db/shop?sslmode=require",
        $"  postgresql://shop:{Secret}@db/shop",
        $"Host=postgresql://shop:{Secret}@db/shop",
        $"Host=db;Database=postgresql://shop:{Secret}@db/shop",
        $"jdbc:postgresql://db/shop?user=shop&password={Secret}",
        $"Host=db;Username=shop;Password=a;{Secret}",
        $"Host=db;Username=shop;Password=a;{Secret}=b",
        $"Host=db;Username=shop;Password=a;b{Secret};Database=shop",
        $"Host=db;Username=shop;Password=\"{Secret}",
        $"Host=db;Username=shop;Password='{Secret}",
        $"Host=db;Username=shop;Password='{Secret}'x;Database=shop",
        $"Host=db;Username=shop;Password={Secret};Port=five",
        $"Host=db;Username=shop;Port={Secret}",
        $"Host=db;Username=shop;Timeout={Secret}",
        $"Host=db;Username=shop;Pooling={Secret}",
        $"Host=db;Username=shop;SSL Mode={Secret}",
        $"Host=db;Username=shop;Passwort={Secret}",
        $"Host=db;Username=shop;Target Session Attributes={Secret}",
        $"host=db port=5432 user=shop password={Secret}",
        $"db,shop,{Secret}",
        $"Password={Secret}",
        $"Host=;Password={Secret}",
        $"Host=db;Password={Secret};Multiplexing=true",
        $"Host=db;Password={Secret};Client Encoding=LATIN1",
        $"Host=db;Password={Secret};Encoding=latin1",
        $"Host=db;Password={Secret};Minimum Pool Size=9;Maximum Pool Size=3",
        $"Host=db;Password={Secret};Maximum Pool Size=0",
        $"Host=db;Password={Secret};=",
        $";;;={Secret}",
        $"{Secret}",
        $"Host=db;Port=5432;Username=shop;Password={Secret}=={Secret}\";x",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Parse_ShouldNotRepeatThePassword_WhenTheConnectionStringCannotBeUsed(string connectionString)
    {
        Exception failure = Assert.Throws<CarillonConfigurationException>(() => DatabaseLocation.Parse(connectionString, new PostgreSqlOptions()));

        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("s3cr3t", failure.ToString(), StringComparison.OrdinalIgnoreCase);
        for (var inner = failure; inner is not null; inner = inner.InnerException)
            Assert.DoesNotContain(Secret, string.Join(' ', inner.Data.Values.Cast<object?>()), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Start_ShouldNotRepeatThePassword_WhenASettingCannotBeUsed(string connectionString)
    {
        Exception own = await Assert.ThrowsAnyAsync<CarillonException>(() => ServiceHost.StartAsync("ledger", connectionString, _ => { }, options => options.StartupPatience = TimeSpan.Zero));
        Exception session = await Assert.ThrowsAnyAsync<CarillonException>(() => ServiceHost.StartAsync("ledger", "Host=127.0.0.1;Port=1;Username=me", _ => { }, options =>
        {
            options.SessionConnectionString = connectionString;
            options.StartupPatience = TimeSpan.Zero;
        }));

        Assert.DoesNotContain(Secret, own.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Secret, session.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Start_ShouldNotRepeatThePassword_WhenTheServerRefusesItOrCannotBeReached()
    {
        await using var database = await TestDatabase.CreateAsync();

        Exception missing = await Assert.ThrowsAnyAsync<CarillonException>(() =>
            ServiceHost.StartAsync("ledger", $"{database.ConnectionString};Password={Secret};Database={database.Name}x", _ => { }));
        Exception away = await Assert.ThrowsAnyAsync<CarillonException>(() =>
            ServiceHost.StartAsync("ledger", $"Host=127.0.0.1;Port=1;Username=shop;Password={Secret}", _ => { }, options => options.StartupPatience = TimeSpan.Zero));

        Assert.DoesNotContain(Secret, missing.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, away.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_ShouldNotShowThePassword_WhenOptionsHoldAConnectionString()
    {
        var options = new PostgreSqlOptions { SessionConnectionString = $"Host=db;Password={Secret}" };

        Assert.DoesNotContain(Secret, options.ToString(), StringComparison.Ordinal);
        Assert.Contains("Schema = public", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ShouldNameTheSetting_WhenItsValueIsNotAllowed()
    {
        var failure = Assert.Throws<CarillonConfigurationException>(() => ConnectionText.Read("Host=db;Port=five", ""));
        Assert.Contains("\"Port\"", failure.Message, StringComparison.Ordinal);
    }
}
