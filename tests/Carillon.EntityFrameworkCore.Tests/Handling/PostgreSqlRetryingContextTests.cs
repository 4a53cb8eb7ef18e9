namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Execution strategies in handlers on PostgreSQL.</summary>
public sealed class PostgreSqlRetryingContextTests : RetryingContextTests<PostgreSqlShopDatabase>;
