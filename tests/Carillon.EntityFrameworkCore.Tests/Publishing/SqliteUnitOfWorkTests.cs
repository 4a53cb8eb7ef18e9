namespace Carillon.EntityFrameworkCore.Tests.Publishing;

/// <summary>Units of work on contexts on SQLite.</summary>
public sealed class SqliteUnitOfWorkTests : UnitOfWorkTests<SqliteShopDatabase>;
