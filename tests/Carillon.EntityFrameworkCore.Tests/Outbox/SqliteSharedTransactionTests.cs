namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Transactions of several contexts on SQLite.</summary>
public sealed class SqliteSharedTransactionTests : SharedTransactionTests<SqliteShopDatabase>;
