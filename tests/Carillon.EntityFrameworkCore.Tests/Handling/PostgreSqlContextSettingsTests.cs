using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Contexts with settings of their own on PostgreSQL.</summary>
public sealed class PostgreSqlContextSettingsTests : ContextSettingsTests<PostgreSqlShopDatabase>
{
    [Theory]
    [InlineData("Search Path=tenant,public", "Search Path")]
    [InlineData("Options=-c role=tenant", "Options")]
    [InlineData("Timezone=Europe/Berlin", "Timezone")]
    [InlineData("Username=tenant;Password=secret", "Username")]
    [InlineData("Host=another", "Host")]
    [InlineData("Port=1", "Port")]
    public async Task Handler_ShouldBeDeadLettered_WhenTheContextHasAnotherSetting(string settings, string named)
    {
        var error = await RefusalAsync(options => Database.Use(options, settings));

        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        Assert.DoesNotContain("role=", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_ShouldBeDeadLettered_WhenTheContextsDataSourceHasAnotherSetting()
    {
        await Database.CreateAsync();
        await using var source = NpgsqlDataSource.Create($"{Database.ConnectionString};Search Path=tenant,public");

        Assert.Contains("Search Path", await RefusalAsync(options => options.UseNpgsql(source)), StringComparison.Ordinal);
    }
}
