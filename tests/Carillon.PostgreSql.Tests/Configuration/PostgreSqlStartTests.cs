using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.PostgreSql.Tests;

public sealed class PostgreSqlStartTests : DatabaseTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void UsePostgreSql_ShouldNameTheServiceAndWhatToSet_WhenThereIsNoConnectionString(string? connectionString)
    {
        foreach (var use in (ReadOnlySpan<Action<ICarillonBuilder>>)[carillon => carillon.UsePostgreSql(connectionString!), carillon => carillon.UsePostgreSqlStore(connectionString!)])
        {
            var error = Assert.Throws<CarillonConfigurationException>(() => new ServiceCollection().AddCarillon("shop", use));

            Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
            Assert.Contains("Service shop ", error.Message, StringComparison.Ordinal);
            Assert.Contains("connection string", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Database=nowhere_at_all")]
    [InlineData("Username=nobody_at_all")]
    public async Task Start_ShouldBlameTheConfiguration_WhenTheConnectionStringNamesWhatIsNotThere(string more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("shop", carillon => carillon.UsePostgreSql($"{Database.ConnectionString};{more}"));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() => host.StartAsync(Cancellation));

        Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }
}
