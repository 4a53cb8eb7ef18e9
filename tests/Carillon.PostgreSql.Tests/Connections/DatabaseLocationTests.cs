namespace Carillon.PostgreSql.Tests;

public sealed class DatabaseLocationTests
{
    private static readonly PostgreSqlOptions Options = new();

    [Fact]
    public void Parse_ShouldSetWhatCarillonPrefers_WhenTheUserSaysNothing()
    {
        var settings = DatabaseLocation.Parse("Host=db;Database=shop;Username=me;Password=secret", Options).Pooled(PoolerMode.None);

        Assert.Equal(("carillon", 10, 100, 10), (settings.ApplicationName, settings.KeepAlive, settings.MaxAutoPrepare, settings.CommandTimeout));
        Assert.False(settings.Enlist);
        Assert.Null(settings.TargetSessionAttributes);
    }

    [Fact]
    public void Parse_ShouldKeepWhatTheUserSays_WhenItDiffers()
    {
        var settings = DatabaseLocation.Parse("Host=db;Application Name=shop;KeepAlive=3;MaxAutoPrepare=0;Timeout=7;Maximum Pool Size=9", Options).Pooled(PoolerMode.None);

        Assert.Equal(("shop", 3, 0, 7, 9), (settings.ApplicationName, settings.KeepAlive, settings.MaxAutoPrepare, settings.Timeout, settings.MaxPoolSize));
    }

    [Fact]
    public void Parse_ShouldLookForThePrimary_WhenThereAreSeveralServers()
    {
        Assert.Equal("read-write", DatabaseLocation.Parse("Host=one,two;Database=shop", Options).Pooled(PoolerMode.None).TargetSessionAttributes);
        Assert.Equal("primary", DatabaseLocation.Parse("Host=one,two;Target Session Attributes=primary", Options).Pooled(PoolerMode.None).TargetSessionAttributes);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=5433;Database=shop;Username=me", true)]
    [InlineData("Host=127.0.0.1:5433,127.0.0.1:5434;Database=shop", true)]
    [InlineData("Host=other,127.0.0.1;Port=5433;Database=shop", true)]
    [InlineData("Host=other:1,127.0.0.1;Port=5433;Database=shop", true)]
    [InlineData("Host=127.0.0.1:5434,127.0.0.1:5435;Database=shop", false)]
    [InlineData("Host=127.0.0.1:5433,127.0.0.1:5434;Database=other", false)]
    [InlineData("Host=127.0.0.1;Port=5434;Database=shop", false)]
    [InlineData("Host=[::1]:7,127.0.0.1:5433;Database=shop", true)]
    public void IsAt_ShouldKnowEachServer_WhenThereAreSeveral(string connectionString, bool isThere) =>
        Assert.Equal(isThere, DatabaseLocation.Parse(connectionString, Options).IsAt("127.0.0.1", 5433, "shop"));

    [Fact]
    public void Name_ShouldHoldNoPassword_WhenPeopleReadIt() =>
        Assert.Equal("db:5433/shop", DatabaseLocation.Parse("Host=db;Port=5433;Database=shop;Username=me;Password=secret", Options).Name);

    [Theory]
    [InlineData("")]
    [InlineData("Database=shop")]
    [InlineData("Host=db;Hots=other")]
    [InlineData("Host=db;Port=five")]
    [InlineData("Host=db;Timeout=-4")]
    [InlineData("Host=db;Multiplexing=true")]
    [InlineData("not a connection string")]
    public void Parse_ShouldRefuse_WhenTheConnectionStringCannotBeUsed(string connectionString)
    {
        var failure = Assert.Throws<CarillonConfigurationException>(() => DatabaseLocation.Parse(connectionString, Options));
        Assert.Equal(ErrorCodes.InvalidConfiguration, failure.Code);
    }
}
