namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>Walks over contexts on PostgreSQL.</summary>
public sealed class PostgreSqlContextWalkTests : ContextWalkTests<PostgreSqlShopDatabase>;
