namespace Carillon.PostgreSql.Tests;

/// <summary>Parked messages by way of a pooler that gives each transaction another session of the server.</summary>
public sealed class PgBouncerParkingStoreConformance(TransactionPooler pooler) : PostgreSqlParkingStoreConformance, IClassFixture<TransactionPooler>
{
    private protected override string ConnectionString => pooler.Through(base.ConnectionString);
}
