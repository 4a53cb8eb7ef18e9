namespace Carillon.EntityFrameworkCore.Tests.Publishing;

/// <summary>Units of work on contexts on PostgreSQL.</summary>
public sealed class PostgreSqlUnitOfWorkTests : UnitOfWorkTests<PostgreSqlShopDatabase>;
