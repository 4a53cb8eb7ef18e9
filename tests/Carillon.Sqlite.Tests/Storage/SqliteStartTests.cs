using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sqlite.Tests;

public sealed class SqliteStartTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void UseSqlite_ShouldNameTheServiceAndWhatToSet_WhenThereIsNoConnectionString(string? connectionString)
    {
        foreach (var use in (ReadOnlySpan<Action<ICarillonBuilder>>)[carillon => carillon.UseSqlite(connectionString!), carillon => carillon.UseSqliteStore(connectionString!)])
        {
            var error = Assert.Throws<CarillonConfigurationException>(() => new ServiceCollection().AddCarillon("shop", use));

            Assert.Equal(ErrorCodes.InvalidConfiguration, error.Code);
            Assert.Contains("Service shop ", error.Message, StringComparison.Ordinal);
            Assert.Contains("connection string", error.Message, StringComparison.Ordinal);
        }
    }
}
