namespace Carillon.PostgreSql.Tests;

/// <summary>The schedule by way of a pooler that gives each transaction another session of the server.</summary>
public sealed class PgBouncerScheduleConformance(TransactionPooler pooler) : PostgreSqlScheduleConformance, IClassFixture<TransactionPooler>
{
    private protected override string ConnectionString => pooler.Through(base.ConnectionString);
}
