namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Contexts with settings of their own on SQLite.</summary>
public sealed class SqliteContextSettingsTests : ContextSettingsTests<SqliteShopDatabase>
{
    [Theory]
    [InlineData("Foreign Keys=False", "Foreign Keys")]
    [InlineData("Recursive Triggers=True", "Recursive Triggers")]
    [InlineData("Mode=ReadOnly", "Mode")]
    public async Task Handler_ShouldBeDeadLettered_WhenTheContextHasAnotherSetting(string settings, string named) =>
        Assert.Contains(named, await RefusalAsync(options => Database.Use(options, settings)), StringComparison.Ordinal);
}
