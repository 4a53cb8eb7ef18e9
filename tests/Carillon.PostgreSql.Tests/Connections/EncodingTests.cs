using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

public sealed class EncodingTests
{
    [Theory]
    [InlineData("SQL_ASCII")]
    [InlineData("LATIN1")]
    public async Task Start_ShouldRefuse_WhenTheDatabaseCannotHoldEveryText(string encoding)
    {
        await using var database = await TestDatabase.CreateAsync($" ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0", (await PostgreSqlAddress.GetAsync()).ConnectionString);

        var failure = await Assert.ThrowsAsync<CarillonConfigurationException>(() => ServiceHost.StartAsync("ledger", database.ConnectionString, _ => { }));

        Assert.Equal(ErrorCodes.UnsupportedEncoding, failure.Code);
        Assert.Contains(encoding, failure.Message, StringComparison.Ordinal);
        Assert.Contains("ENCODING 'UTF8'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Client Encoding=UTF8")]
    [InlineData("Client Encoding=unicode;Encoding=utf-8")]
    public void Parse_ShouldAccept_WhenTheEncodingIsUnicodeByAnyName(string settings) =>
        Assert.Equal("UTF8", DatabaseLocation.Parse($"Host=db;{settings}", new PostgreSqlOptions()).Pooled(PoolerMode.None).ClientEncoding);
}
