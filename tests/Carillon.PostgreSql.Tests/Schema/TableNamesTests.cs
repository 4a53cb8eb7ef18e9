namespace Carillon.PostgreSql.Tests;

public sealed class TableNamesTests
{
    [Theory]
    [InlineData("SELECT 1 FROM carillon_messages", "SELECT 1 FROM \"Shop\".carillon_messages")]
    [InlineData("UPDATE carillon_leases SET cursor = carillon_leases.cursor", "UPDATE \"Shop\".carillon_leases SET cursor = \"Shop\".carillon_leases.cursor")]
    [InlineData("CREATE INDEX carillon_parked_due ON carillon_parked (due)", "CREATE INDEX carillon_parked_due ON \"Shop\".carillon_parked (due)")]
    [InlineData("SELECT 1 FROM other.carillon_messages, \"other\".carillon_inbox, my_carillon_inbox", "SELECT 1 FROM other.carillon_messages, \"other\".carillon_inbox, my_carillon_inbox")]
    public void Qualify_ShouldNameTheSchemaOfTables_WhenTheyStandAlone(string sql, string expected) =>
        Assert.Equal(expected, new TableNames("Shop").Qualify(sql));

    [Fact]
    public void All_ShouldBeQualified_WhenNamed() =>
        Assert.All(TableNames.All, name => Assert.Equal($"\"shop\".{name}", new TableNames("shop").Qualify(name)));
}
