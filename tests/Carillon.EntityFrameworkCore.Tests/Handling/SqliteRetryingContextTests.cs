namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Execution strategies in handlers on SQLite.</summary>
public sealed class SqliteRetryingContextTests : RetryingContextTests<SqliteShopDatabase>;
