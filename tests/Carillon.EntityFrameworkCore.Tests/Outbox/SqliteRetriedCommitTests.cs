namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Commits on SQLite that are tried again.</summary>
public sealed class SqliteRetriedCommitTests : RetriedCommitTests<SqliteShopDatabase>;
