namespace Carillon.PostgreSql.Tests;

/// <summary>Services of one host by way of a pooler that gives each transaction another session of the server.</summary>
public sealed class PgBouncerTransportConformance(TransactionPooler pooler) : PostgreSqlTransportConformance, IClassFixture<TransactionPooler>
{
    private protected override string ConnectionString => pooler.Through(base.ConnectionString);
}
