namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Transactions of several contexts on PostgreSQL.</summary>
public sealed class PostgreSqlSharedTransactionTests : SharedTransactionTests<PostgreSqlShopDatabase>;
