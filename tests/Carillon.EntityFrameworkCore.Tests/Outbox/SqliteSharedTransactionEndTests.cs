namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Transactions of several contexts on SQLite that end unseen.</summary>
public sealed class SqliteSharedTransactionEndTests : SharedTransactionEndTests<SqliteShopDatabase>;
