namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Transactions of several contexts on PostgreSQL that end unseen.</summary>
public sealed class PostgreSqlSharedTransactionEndTests : SharedTransactionEndTests<PostgreSqlShopDatabase>;
