namespace Carillon.PostgreSql.Tests;

/// <summary>Units of work by way of a pooler that gives each transaction another session of the server.</summary>
public sealed class PgBouncerUnitOfWorkStoreConformance(TransactionPooler pooler) : PostgreSqlUnitOfWorkStoreConformance, IClassFixture<TransactionPooler>
{
    private protected override string ConnectionString => pooler.Through(base.ConnectionString);
}
